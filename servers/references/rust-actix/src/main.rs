//! actix-web as it comes: an event loop for each worker, connections dealt to them in turn, one store for all.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use actix_web::http::header::{self, HeaderValue};
use actix_web::http::StatusCode;
use actix_web::{rt, web, App, HttpRequest, HttpResponse, HttpServer};
use contract::{announce, fail, Answer, Options, Service, MAX_BODY_BYTES, UNAVAILABLE};
use tokio::signal::unix::{signal, SignalKind};

const PROGRAM: &str = "kvduel-rust-actix";
const KEEP_ALIVE: Duration = Duration::from_secs(60);
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);
const DRAIN_TIMEOUT_S: u64 = 10;

async fn get(service: web::Data<Service>, request: HttpRequest) -> HttpResponse {
    wait(service.burn()).await;
    respond(service.get(request.path()))
}

async fn insert(service: web::Data<Service>, body: web::Bytes) -> HttpResponse {
    wait(service.burn()).await;
    respond(service.insert(&body))
}

async fn refuse_method(request: HttpRequest) -> HttpResponse {
    respond(Answer::not_allowed(request.path()))
}

async fn refuse_path() -> HttpResponse {
    respond(Answer::not_found())
}

async fn wait(time: Duration) {
    if !time.is_zero() {
        rt::time::sleep(time).await;
    }
}

fn respond(answer: Answer) -> HttpResponse {
    let status = StatusCode::from_u16(answer.status).expect("an answer has a status of HTTP");
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CONTENT_TYPE, HeaderValue::from_static(answer.content_type)));
    if answer.is_value() {
        response.insert_header((header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")));
    }
    if let Some(allow) = answer.allow {
        response.insert_header((header::ALLOW, HeaderValue::from_static(allow)));
    }
    response.body(answer.body)
}

/// Serves until SIGTERM or SIGINT, then answers what has begun.
async fn serve(address: SocketAddr, options: Options) -> io::Result<()> {
    let threads = options.threads;
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    // Made outside of the factory, or each worker would have a store of its own.
    let service = web::Data::new(Service::new(options));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(service.clone())
            .app_data(web::PayloadConfig::new(MAX_BODY_BYTES))
            .service(web::resource("/").get(get).post(insert).default_service(web::to(refuse_method)))
            .service(web::resource("/{key}").get(get).default_service(web::to(refuse_method)))
            .default_service(web::to(refuse_path))
    })
    .workers(threads)
    .keep_alive(KEEP_ALIVE)
    .client_request_timeout(REQUEST_TIMEOUT)
    .tcp_nodelay(true)
    .shutdown_timeout(DRAIN_TIMEOUT_S)
    // actix-web's own SIGINT would cut what has begun.
    .shutdown_signal(async move {
        tokio::select! { _ = terminated.recv() => {}, _ = interrupted.recv() => {} }
    })
    .bind(address)?;
    announce(PROGRAM, server.addrs()[0]);
    server.run().await
}

#[actix_web::main]
async fn main() {
    let options = Options::from_command_line(PROGRAM);
    let address = options.listen;
    if let Err(why) = serve(address, options).await {
        fail(PROGRAM, UNAVAILABLE, &format!("{address}: {why}"));
    }
}
