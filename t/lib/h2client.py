#!/usr/bin/python3
"""HTTP/2 client for the protocol tests (Debian's python3-h2).

Reads one JSON object from standard input, speaks one connection, writes one
JSON object to standard output; MembercertTest::h2() is the caller.

in:  {"host", "port", "tls": bool, "timeout": seconds, "linger": seconds,
      "streams": [{"method", "path", "headers": [[name, value]...],
                   "body": [base64...], "pause": seconds between pieces,
                   "end": bool (default true), "after": index of a stream
                   that must have ended first}]}
out: {"streams": [{"id", "status", "headers", "body": base64, "ended": bool,
                   "reset": code or null, "sent": bytes, "unsent": bytes}],
      "goaway": code or null, "closed": bool, "timeout": bool, "pings": n,
      "error": text or null}

A stream has ended with END_STREAM or RST_STREAM from the server.  After the
last one the connection stays open for `linger` seconds, and a ping tells
whether it still lives ("pings" counts the answers).
"""

import base64
import json
import select
import socket
import ssl
import sys
import time

import h2.config
import h2.connection
import h2.events
import h2.exceptions


class Stream:
    """One request: what is still to be sent, what came back."""

    def __init__(self, spec):
        self.spec = spec
        self.id = None
        self.pieces = [base64.b64decode(p) for p in spec.get("body", [])]
        self.next_at = 0.0
        self.closed_out = False
        self.sent = 0
        self.status = None
        self.headers = []
        self.body = b""
        self.ended = False
        self.reset = None

    def over(self):
        return self.ended or self.reset is not None

    def report(self):
        return {
            "id": self.id, "status": self.status, "headers": self.headers,
            "body": base64.b64encode(self.body).decode(),
            "ended": self.ended, "reset": self.reset, "sent": self.sent,
            "unsent": sum(len(p) for p in self.pieces),
        }


class Client:
    """The connection; run() drives it until all streams are over."""

    def __init__(self, plan):
        self.plan = plan
        self.streams = [Stream(s) for s in plan["streams"]]
        self.by_id = {}
        self.goaway = None
        self.closed = False
        self.timed_out = False
        self.pings = 0
        self.error = None
        self.h2 = h2.connection.H2Connection(
            h2.config.H2Configuration(client_side=True,
                                      header_encoding="utf-8"))

    def connect(self):
        sock = socket.create_connection(
            (self.plan.get("host", "127.0.0.1"), self.plan["port"]), 5)
        if self.plan.get("tls"):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            context.set_alpn_protocols(["h2"])
            sock = context.wrap_socket(sock, server_hostname="localhost")
            if sock.selected_alpn_protocol() != "h2":
                raise OSError("the server does not speak h2")
        sock.settimeout(5)
        self.sock = sock
        self.h2.initiate_connection()

    def open_streams(self):
        for stream in self.streams:
            if stream.id is not None:
                continue
            after = stream.spec.get("after")
            if after is not None and not self.streams[after].over():
                continue
            self.open_stream(stream)

    def open_stream(self, stream):
        spec = stream.spec
        headers = [
            (":method", spec.get("method", "GET")),
            (":scheme", "https" if self.plan.get("tls") else "http"),
            (":authority", spec.get("authority", "127.0.0.1:%d"
                                    % self.plan["port"])),
            (":path", spec["path"]),
        ] + [tuple(h) for h in spec.get("headers", [])]
        bodiless = not stream.pieces and spec.get("end", True)
        stream.id = self.h2.get_next_available_stream_id()
        self.by_id[stream.id] = stream
        self.h2.send_headers(stream.id, headers, end_stream=bodiless)
        stream.closed_out = bodiless

    def send_bodies(self):
        for stream in self.streams:
            if stream.id is not None and not stream.closed_out \
                    and not stream.over():
                self.send_body(stream)

    def send_body(self, stream):
        now = time.monotonic()
        while stream.pieces and now >= stream.next_at:
            room = min(self.h2.local_flow_control_window(stream.id),
                       self.h2.max_outbound_frame_size)
            if room <= 0:
                return
            piece = stream.pieces.pop(0)
            if len(piece) > room:
                stream.pieces.insert(0, piece[room:])
                piece = piece[:room]
            else:
                stream.next_at = now + stream.spec.get("pause", 0)
            self.h2.send_data(stream.id, piece)
            stream.sent += len(piece)
        if not stream.pieces and stream.spec.get("end", True):
            self.h2.end_stream(stream.id)
            stream.closed_out = True

    def receive(self, seconds):
        pending = self.plan.get("tls") and self.sock.pending()
        if not pending and not select.select([self.sock], [], [],
                                             seconds)[0]:
            return
        try:
            data = self.sock.recv(65536)
        except ConnectionError:
            data = b""
        if not data:
            self.closed = True
            return
        for event in self.h2.receive_data(data):
            self.handle(event)

    def handle(self, event):
        stream = self.by_id.get(getattr(event, "stream_id", None))
        if isinstance(event, h2.events.ResponseReceived):
            stream.headers = [[n, v] for n, v in event.headers]
            stream.status = int(dict(event.headers)[":status"])
        elif isinstance(event, h2.events.DataReceived):
            stream.body += event.data
            self.h2.acknowledge_received_data(
                event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            stream.ended = True
        elif isinstance(event, h2.events.StreamReset) and stream:
            stream.reset = int(event.error_code)
        elif isinstance(event, h2.events.ConnectionTerminated):
            self.goaway = int(event.error_code)
        elif isinstance(event, h2.events.PingAckReceived):
            self.pings += 1

    def step(self, deadline):
        self.open_streams()
        self.send_bodies()
        data = self.h2.data_to_send()
        if data:
            self.sock.sendall(data)
        self.receive(max(0.0, min(0.01, deadline - time.monotonic())))

    def done(self):
        return all(s.over() for s in self.streams)

    def run(self):
        deadline = time.monotonic() + self.plan.get("timeout", 10)
        while not self.done() and not self.closed:
            if time.monotonic() >= deadline:
                self.timed_out = True
                break
            self.step(deadline)
        self.linger()

    def linger(self):
        deadline = time.monotonic() + self.plan.get("linger", 0.2)
        if not self.closed and self.goaway is None:
            self.h2.ping(b"membertc")
        while not self.closed and time.monotonic() < deadline:
            self.step(deadline)
            if self.pings and not self.plan.get("linger"):
                break

    def report(self):
        return {
            "streams": [s.report() for s in self.streams],
            "goaway": self.goaway, "closed": self.closed,
            "timeout": self.timed_out, "pings": self.pings,
            "error": self.error,
        }


def main():
    client = Client(json.load(sys.stdin))
    try:
        client.connect()
        client.run()
    except (OSError, h2.exceptions.ProtocolError) as fault:
        client.error = "%s: %s" % (type(fault).__name__, fault)
    json.dump(client.report(), sys.stdout)


main()
