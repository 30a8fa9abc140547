//! tokio without a framework: a task for each connection on the work-stealing runtime, HTTP by hand and httparse.

mod connection;
mod date;
mod request;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use contract::{announce, fail, Options, Service, UNAVAILABLE};
use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime::Builder;
use tokio::signal::unix::{signal, SignalKind};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use connection::Connection;

const PROGRAM: &str = "kvduel-rust-tokio";
const BACKLOG: u32 = 1024; // as actix-web's; TcpListener::bind would have 128, too few for a thousand peers at once
const ACCEPT_PAUSE: Duration = Duration::from_millis(250); // when descriptors have run out
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);

fn listen_at(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves until SIGTERM or SIGINT, then answers what has begun.
async fn serve(options: Options) -> io::Result<()> {
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    let listener = listen_at(options.listen)?;
    let service = Arc::new(Service::new(options));
    let (stop, stopped) = watch::channel(false);
    announce(PROGRAM, listener.local_addr()?);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let connection = Connection::new(stream, service.clone(), stopped.clone());
                    tokio::spawn(connection.serve());
                }
                Err(_) => sleep(ACCEPT_PAUSE).await,
            },
            _ = terminated.recv() => break,
            _ = interrupted.recv() => break,
        }
    }
    drop(listener);
    drop(stopped);
    stop.send_replace(true);
    let _ = timeout(DRAIN_TIMEOUT, stop.closed()).await; // each connection drops its receiver
    Ok(())
}

fn main() {
    let options = Options::from_command_line(PROGRAM);
    let address = options.listen;
    let served = Builder::new_multi_thread()
        .worker_threads(options.threads)
        .enable_all()
        .build()
        .and_then(|runtime| runtime.block_on(serve(options)));
    if let Err(why) = served {
        fail(PROGRAM, UNAVAILABLE, &format!("{address}: {why}"));
    }
}
