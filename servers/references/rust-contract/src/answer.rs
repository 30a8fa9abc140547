use bytes::Bytes;

const OCTETS: &str = "application/octet-stream";
const TEXT: &str = "text/plain; charset=utf-8";

/// What a request is answered with.
pub struct Answer {
    pub status: u16,
    pub reason: &'static str,
    pub content_type: &'static str,
    pub allow: Option<&'static str>,
    pub body: Bytes,
}

impl Answer {
    pub fn value(body: Bytes) -> Answer {
        Answer { status: 200, reason: "OK", content_type: OCTETS, allow: None, body }
    }

    /// A value must not be sniffed for another type.
    pub fn is_value(&self) -> bool {
        self.content_type == OCTETS
    }

    pub fn message(status: u16, reason: &'static str, body: &'static str) -> Answer {
        Answer { status, reason, content_type: TEXT, allow: None, body: Bytes::from_static(body.as_bytes()) }
    }

    fn refusal(status: u16, reason: &'static str) -> Answer {
        Answer::message(status, reason, reason)
    }

    pub fn bad_request() -> Answer {
        Answer::refusal(400, "Bad Request")
    }

    pub fn not_found() -> Answer {
        Answer::refusal(404, "Not Found")
    }

    pub fn not_allowed(path: &str) -> Answer {
        let allow = if path == "/" { "GET, POST" } else { "GET" };
        Answer { allow: Some(allow), ..Answer::refusal(405, "Method Not Allowed") }
    }

    pub fn too_large() -> Answer {
        Answer::refusal(413, "Content Too Large")
    }

    pub fn fields_too_large() -> Answer {
        Answer::refusal(431, "Request Header Fields Too Large")
    }

    pub fn not_implemented() -> Answer {
        Answer::refusal(501, "Not Implemented")
    }
}
