use std::mem::MaybeUninit;

use contract::{Answer, MAX_BODY_BYTES};
use httparse::{Error, Header, Status};

const MAX_FIELDS: usize = 100;
const MAX_HEAD_BYTES: usize = 48 * 1024; // a key of 8 KiB may come fully escaped, and fields of 16 KiB with it

/// A whole request at the front of what came in.
pub struct Request<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub body: &'a [u8],
    pub closes: bool,
    pub bytes: usize, // head and body
}

pub enum Reading<'a> {
    Whole(Request<'a>),
    Partial,
    Refused(Answer),
}

impl Request<'_> {
    pub fn read(input: &[u8]) -> Reading<'_> {
        let mut fields = [MaybeUninit::<Header>::uninit(); MAX_FIELDS];
        let mut head = httparse::Request::new(&mut []);
        let head_bytes = match head.parse_with_uninit_headers(input, &mut fields) {
            Ok(Status::Complete(bytes)) => bytes,
            Ok(Status::Partial) if input.len() <= MAX_HEAD_BYTES => return Reading::Partial,
            Ok(Status::Partial) | Err(Error::TooManyHeaders) => {
                return Reading::Refused(Answer::fields_too_large());
            }
            Err(_) => return Reading::Refused(Answer::bad_request()),
        };
        let (Some(method), Some(target), Some(version)) = (head.method, head.path, head.version) else {
            return Reading::Refused(Answer::bad_request());
        };
        let framing = match Framing::read(head.headers, version) {
            Ok(framing) => framing,
            Err(refusal) => return Reading::Refused(refusal),
        };
        let bytes = head_bytes + framing.body_bytes;
        let Some(body) = input.get(head_bytes..bytes) else { return Reading::Partial };
        let path = target.split('?').next().unwrap_or(target);
        Reading::Whole(Request { method, path, body, closes: framing.closes, bytes })
    }
}

fn is_close(option: &[u8]) -> bool {
    option.trim_ascii().eq_ignore_ascii_case(b"close")
}

struct Framing {
    body_bytes: usize,
    closes: bool,
}

impl Framing {
    fn read(fields: &[Header], version: u8) -> Result<Framing, Answer> {
        let mut length = None;
        let mut closes = version == 0;
        for field in fields {
            if field.name.eq_ignore_ascii_case("content-length") {
                let digits = std::str::from_utf8(field.value).ok().filter(|text| !text.starts_with('+'));
                let parsed = digits.and_then(|text| text.parse().ok());
                if parsed.is_none() || length.replace(parsed).is_some() {
                    return Err(Answer::bad_request());
                }
            } else if field.name.eq_ignore_ascii_case("transfer-encoding") {
                return Err(Answer::not_implemented());
            } else if field.name.eq_ignore_ascii_case("connection") {
                closes |= field.value.split(|byte| *byte == b',').any(is_close);
            }
        }
        match length.flatten().unwrap_or(0) {
            body_bytes if body_bytes > MAX_BODY_BYTES => Err(Answer::too_large()),
            body_bytes => Ok(Framing { body_bytes, closes }),
        }
    }
}
