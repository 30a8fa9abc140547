use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, BytesMut};
use contract::{Answer, Service};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::date;
use crate::request::{Reading, Request};

const READ_BYTES: usize = 8 * 1024;
const MAX_OUTPUT_BYTES: usize = 64 * 1024; // then pipelined answers leave before more are made
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);

/// One peer: its requests are answered in order, and those that came together leave together.
pub struct Connection {
    stream: TcpStream,
    service: Arc<Service>,
    stop: watch::Receiver<bool>,
    input: BytesMut,
    output: Vec<u8>,
}

impl Connection {
    pub fn new(stream: TcpStream, service: Arc<Service>, stop: watch::Receiver<bool>) -> Connection {
        Connection { stream, service, stop, input: BytesMut::new(), output: Vec::new() }
    }

    pub async fn serve(mut self) -> io::Result<()> {
        self.stream.set_nodelay(true)?;
        loop {
            match Request::read(&self.input) {
                Reading::Whole(request) => {
                    let wait = self.service.burn();
                    if !wait.is_zero() {
                        send(&mut self.stream, &mut self.output).await?;
                        sleep(wait).await;
                    }
                    let answer = respond(&self.service, &request);
                    let closes = request.closes || *self.stop.borrow();
                    write_head(&mut self.output, &answer, closes);
                    if request.method != "HEAD" {
                        self.output.extend_from_slice(&answer.body);
                    }
                    let bytes = request.bytes;
                    self.input.advance(bytes);
                    if closes || self.output.len() > MAX_OUTPUT_BYTES {
                        send(&mut self.stream, &mut self.output).await?;
                    }
                    if closes {
                        return self.stream.shutdown().await;
                    }
                }
                Reading::Partial => {
                    send(&mut self.stream, &mut self.output).await?;
                    if !self.receive().await? {
                        return Ok(());
                    }
                }
                Reading::Refused(answer) => {
                    write_head(&mut self.output, &answer, true);
                    self.output.extend_from_slice(&answer.body);
                    send(&mut self.stream, &mut self.output).await?;
                    return self.stream.shutdown().await;
                }
            }
        }
    }

    /// False when nothing more will come, or is waited for.
    async fn receive(&mut self) -> io::Result<bool> {
        let is_idle = self.input.is_empty();
        let limit = if is_idle { IDLE_TIMEOUT } else { REQUEST_TIMEOUT };
        self.input.reserve(READ_BYTES);
        tokio::select! {
            biased;
            read = timeout(limit, self.stream.read_buf(&mut self.input)) => match read {
                Ok(count) => Ok(count? > 0),
                Err(_) => Ok(false),
            },
            _ = self.stop.wait_for(|is_stopped| *is_stopped), if is_idle => Ok(false),
        }
    }
}

fn respond(service: &Service, request: &Request) -> Answer {
    match (request.method, request.path) {
        ("GET", path) => service.get(path),
        ("POST", "/") => service.insert(request.body),
        (_, path) => Answer::not_allowed(path),
    }
}

/// The body follows into the same buffer: in two pieces, Nagle's algorithm and delayed acknowledgements would make steps of 40 ms.
fn write_head(output: &mut Vec<u8>, answer: &Answer, closes: bool) {
    let Answer { status, reason, content_type, .. } = answer;
    let length = answer.body.len();
    let nosniff = if answer.is_value() { "X-Content-Type-Options: nosniff\r\n" } else { "" };
    let close = if closes { "Connection: close\r\n" } else { "" };
    date::with_date(|date| {
        write!(
            output,
            "HTTP/1.1 {status} {reason}\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\
             Date: {date}\r\n{nosniff}{close}"
        )
    })
    .expect("a Vec takes all");
    if let Some(allow) = answer.allow {
        write!(output, "Allow: {allow}\r\n").expect("a Vec takes all");
    }
    output.extend_from_slice(b"\r\n");
}

async fn send(stream: &mut TcpStream, output: &mut Vec<u8>) -> io::Result<()> {
    stream.write_all(output).await?;
    output.clear();
    Ok(())
}
