"""A comparison service for the tests, as bad as a test wants it.

provider.py PORT FOLDER: listens on 127.0.0.1 and behaves as FOLDER/mode
says, a word that is read again for each question; what was asked goes to
FOLDER/log, one JSON line a question.  Never part of the product.
"""

import email
import email.policy
import hashlib
import json
import os
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

folder = sys.argv[2]
lock = threading.Lock()
known = {}          # what was answered to an Idempotency-Key


def word(name):
    try:
        with open(os.path.join(folder, name)) as f:
            return f.read().strip()
    except OSError:
        return ''


def note(entry):
    with lock, open(os.path.join(folder, 'log'), 'a') as f:
        f.write(json.dumps(entry) + '\n')


class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *args):
        pass

    def parts(self):
        body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
        head = 'Content-Type: ' + self.headers['Content-Type'] + '\r\n\r\n'
        message = email.message_from_bytes(head.encode() + body,
                                           policy=email.policy.HTTP)
        return {p.get_param('name', header='content-disposition'):
                (p.get_content_type(), p.get_payload(decode=True))
                for p in message.iter_parts()}

    def answer(self, status, body, **headers):
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace('_', '-'), value)
        if 'Content_Length' not in headers:
            self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        note({'path': self.path, 'method': 'GET'})
        self.answer(200, {'result': 'match'})

    def do_POST(self):
        parts = self.parts()
        key = self.headers.get('Idempotency-Key', '')
        mode = word('mode')
        note({'path': self.path, 'method': 'POST', 'mode': mode, 'key': key,
              'meta': json.loads(parts['meta'][1]),
              'types': {name: part[0] for name, part in parts.items()},
              'deadline': self.headers.get('X-Deadline-Ms'),
              'authorization': self.headers.get('Authorization'),
              'probe': hashlib.sha256(parts['probe'][1]).hexdigest(),
              'time': time.time()})
        try:
            getattr(self, 'do_' + mode.replace('-', '_'), self.do_plain)(
                mode, key)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    # --- answers of the contract

    def do_plain(self, mode, key):
        self.answer(200, {'result': mode, 'score': 0.875, 'model': 'scripted',
                          'provider': 'test', 'thresholds': [0.4, 0.6],
                          'trace': 'ignored'})

    def do_wait_then_409(self, mode, key):
        with lock:
            known[key] = known.get(key, 0) + 1
            count = known[key]
        if count == 1:
            self.answer(202, {'retry_after': 1})
        else:
            self.answer(409, {'result': 'match', 'score': 1})

    def do_slow_mismatch(self, mode, key):
        time.sleep(0.06)
        with lock:
            again = key in known
            known[key] = 1
        self.answer(409 if again else 200, {'result': 'mismatch'})

    # --- and what is none

    def do_hang(self, mode, key):
        time.sleep(4)
        self.close_connection = True

    def do_late(self, mode, key):
        time.sleep(1.4)
        self.answer(200, {'result': 'match'})

    def do_drip(self, mode, key):
        body = b'{"result":"match"}'
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        for n in range(len(body)):
            time.sleep(0.2)
            self.wfile.write(body[n:n + 1])
            self.wfile.flush()

    def do_drop(self, mode, key):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def do_cut(self, mode, key):
        self.answer(200, b'{"result":"match"}', Content_Length='4000')
        self.close_connection = True

    def do_error(self, mode, key):
        self.answer(500, {'result': 'match'})

    def do_busy(self, mode, key):
        self.answer(503, {'result': 'match'}, Retry_After='2')

    def do_refused(self, mode, key):
        self.answer(403, {'result': 'match'})

    def do_redirect(self, mode, key):
        self.answer(302, {'result': 'match'}, Location='/elsewhere')

    def do_garbage(self, mode, key):
        self.answer(200, b'<html>match</html>')

    def do_empty(self, mode, key):
        self.answer(200, b'')

    def do_unknown(self, mode, key):
        self.answer(200, {'result': 'probably', 'score': 0.99})

    def do_percent(self, mode, key):
        self.answer(200, {'result': 'match', 'score': 87})

    def do_twice(self, mode, key):
        self.answer(200, b'{"result":"mismatch","result":"match"}')

    def do_huge(self, mode, key):
        self.answer(200, b'{"result":"match","pad":"' + b'x' * 2000000
                    + b'"}')

    def do_endless(self, mode, key):
        self.send_response(200)
        self.end_headers()
        self.close_connection = True
        for _ in range(2000):
            self.wfile.write(b' ' * 4096)

    def do_long_header(self, mode, key):
        self.answer(200, {'result': 'match'}, X_Long='x' * 500000)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        pass


if __name__ == '__main__':
    Server(('127.0.0.1', int(sys.argv[1])), Handler).serve_forever()
