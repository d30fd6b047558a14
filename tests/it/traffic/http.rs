//! As much HTTP/1.1 as the traffic needs: a service that acts as every backend, and a client that sends a given request.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// A request or a response as it came.
#[derive(Clone, Debug)]
pub(super) struct Message {
    /// Request line or status line.
    pub(super) first: String,
    /// By name in lower case; no test needs two lines of one name.
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: String,
}

impl Message {
    /// `is_bare`: the answer to HEAD, whose length is that of a body which does not come.
    fn read(stream: &TcpStream, is_bare: bool) -> Self {
        let mut reader = BufReader::new(stream);
        let first = line(&mut reader);
        let mut headers = BTreeMap::new();
        while let Some((name, value)) = line(&mut reader).split_once(':') {
            headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
        }
        let mut body = Vec::new();
        let length = headers.get("content-length").filter(|_| !is_bare);
        if let Some(length) = length {
            body.resize(length.parse().unwrap(), 0);
            reader.read_exact(&mut body).unwrap();
        } else if headers.contains_key("transfer-encoding") {
            while let Some(chunk) = chunk(&mut reader) {
                body.extend(chunk);
            }
        }
        Self { first, headers, body: String::from_utf8(body).unwrap() }
    }

    /// The second word of a request line: path and query.
    pub(super) fn target(&self) -> &str {
        self.first.split(' ').nth(1).unwrap()
    }

    /// The second word of a status line.
    pub(super) fn status(&self) -> u16 {
        self.first.split(' ').nth(1).unwrap().parse().unwrap()
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

fn line(reader: &mut impl BufRead) -> String {
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

fn chunk(reader: &mut impl BufRead) -> Option<Vec<u8>> {
    let size = usize::from_str_radix(&line(reader), 16).unwrap();
    let mut chunk = vec![0; size];
    reader.read_exact(&mut chunk).unwrap();
    line(reader);
    (size > 0).then_some(chunk)
}

/// Sends a request to `http://address`, and gives the whole response.
pub(super) fn send(address: &str, request: &str, headers: &[(&str, &str)], body: &str) -> Message {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len().to_string();
    let own = [("Host", address), ("Connection", "close"), ("Content-Length", &length)];
    let headers = [&own, headers].concat();
    write(&mut stream, &format!("{request} HTTP/1.1"), &headers, body);
    Message::read(&stream, request.starts_with("HEAD "))
}

/// Writes a message, or the beginning of one whose body has no length yet.
pub(super) fn write(stream: &mut TcpStream, first: &str, headers: &[(&str, &str)], body: &str) {
    let headers: String = headers.iter().map(|(n, v)| format!("{n}: {v}\r\n")).collect();
    stream.write_all(format!("{first}\r\n{headers}\r\n{body}").as_bytes()).unwrap();
}

/// Answers like a backend: with a status line, headers and a body.
pub(super) fn answer(stream: &mut TcpStream, status: &str, headers: &[(&str, &str)], body: &str) {
    let length = body.len().to_string();
    let own = [("Connection", "close"), ("Content-Length", &length)];
    let headers = [&own, headers].concat();
    write(stream, &format!("HTTP/1.1 {status}"), &headers, body);
}

/// Writes one piece of a body without a length; the empty one is the last.
pub(super) fn chunk_out(stream: &mut TcpStream, piece: &str) {
    stream.write_all(format!("{:x}\r\n{piece}\r\n", piece.len()).as_bytes()).unwrap();
}

/// Stands in for every backend, and keeps what they were asked.
pub(super) struct Backend {
    pub(super) address: String,
    asked: Arc<Mutex<Vec<Message>>>,
}

impl Backend {
    /// Serves until the tests end. `reply` runs once for each request.
    pub(super) fn start(reply: impl Fn(&Message, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let message = Message::read(&stream, false);
                kept.lock().unwrap().push(message.clone());
                reply(&message, &mut stream);
            }
        });
        Self { address, asked }
    }

    pub(super) fn asked(&self) -> Vec<Message> {
        self.asked.lock().unwrap().clone()
    }

    /// The one request that arrived.
    pub(super) fn only(&self) -> Message {
        let mut asked = self.asked();
        assert_eq!(asked.len(), 1, "{asked:?}");
        asked.remove(0)
    }
}
