"""A mail server and a message gateway for the tests, as bad as a test wants.

mailbox.py FOLDER HTTP HTTPS SMTP SMTPS CERT KEY: listens on 127.0.0.1 on four
ports and behaves as FOLDER/mode says, a word that is read again for each
message; what came goes to FOLDER/log, one JSON line each.  Never part of the
product.
"""

import base64
import email
import email.policy
import json
import os
import socket
import socketserver
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

folder = sys.argv[1]
ports = [int(n) for n in sys.argv[2:6]]
lock = threading.Lock()
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[6], sys.argv[7])


def mode():
    with open(os.path.join(folder, 'mode')) as f:
        return f.read().strip()


def note(**entry):
    entry['time'] = time.time()
    with lock, open(os.path.join(folder, 'log'), 'a') as f:
        f.write(json.dumps(entry) + '\n')


# --- the gateway

class Gateway(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *args):
        pass

    def answer(self, status, body=b'{}', **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace('_', '-'), value)
        if 'Content_Length' not in headers:
            self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
        now = mode()
        note(way='http', mode=now, path=self.path, body=body.decode(),
             tls=isinstance(self.connection, ssl.SSLSocket),
             headers={k.lower(): v for k, v in self.headers.items()})
        try:
            getattr(self, 'do_' + now.replace('-', '_'), self.do_status)(now)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.close_connection = True

    def do_status(self, now):
        self.answer(int(now) if now.isdigit() else 200)

    def do_429(self, now):
        self.answer(429, Retry_After='1')

    def do_slow(self, now):
        time.sleep(1.5)
        self.answer(202)

    def do_brief(self, now):
        time.sleep(0.3)
        self.answer(200)

    def do_hang(self, now):
        time.sleep(14)
        self.close_connection = True

    def do_drop(self, now):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def do_garbage(self, now):
        self.close_connection = True
        self.wfile.write(b'\x00\xff<html>200 OK\r\n\r\n')

    def do_redirect(self, now):
        self.answer(307, Location='/elsewhere')

    def do_huge(self, now):
        self.answer(200, b' ' * 2000000)

    def do_huge_error(self, now):
        self.answer(500, b' ' * 2000000)

    def do_cut(self, now):
        self.answer(200, b'{', Content_Length='4000')
        self.close_connection = True


# --- the mail server

class Mail(socketserver.StreamRequestHandler):
    timeout = 20

    def say(self, *lines):
        self.wfile.write(b''.join(line.encode() + b'\r\n' for line in lines))

    def hear(self):
        line = self.rfile.readline(4096)
        if not line:
            raise ConnectionResetError
        return line.decode('latin-1').rstrip('\r\n')

    def secure(self):
        self.request = context.wrap_socket(self.request, server_side=True)
        self.tls = True
        self.setup()

    def handle(self):
        self.now = mode()
        self.tls = False
        self.mail = {}
        try:
            if self.server.server_address[1] == ports[3]:
                self.secure()
            self.talk()
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError,
                socket.timeout):
            pass

    def talk(self):
        if self.now == 'hang':
            time.sleep(14)
            return
        if self.now == 'garbage':
            self.wfile.write(b'\x00\xff\r\n' * 20000)
            return
        self.say('421 busy' if self.now == '421' else '220 test ESMTP')
        while True:
            line = self.hear()
            verb = line.split(' ')[0].upper()
            if not getattr(self, 'do_' + verb, self.do_other)(line):
                return

    def do_EHLO(self, line):
        more = ['AUTH ' + ('LOGIN' if self.now == 'login' else 'PLAIN LOGIN')]
        if not self.tls and self.now != 'no-starttls':
            more.append('STARTTLS')
        self.say('250-test', *('250-' + m for m in more), '250 SIZE 100000')
        return True

    def do_STARTTLS(self, line):
        if self.now == 'strip':
            self.say('454 not now')
            return True
        self.say('220 go')
        self.secure()
        return True

    def do_AUTH(self, line):
        words = line.split(' ')
        if words[1] == 'PLAIN':
            text = words[2] if len(words) > 2 else self.ask('334 ')
            user, secret = base64.b64decode(text).split(b'\0')[1:]
        else:
            user = base64.b64decode(words[2] if len(words) > 2
                                    else self.ask('334 VXNlcm5hbWU6'))
            secret = base64.b64decode(self.ask('334 UGFzc3dvcmQ6'))
        self.mail['auth'] = [words[1], user.decode(), secret.decode()]
        self.say('535 no' if self.now == '535' else '235 yes')
        return True

    def ask(self, line):
        self.say(line)
        return self.hear()

    def do_MAIL(self, line):
        self.mail['from'] = line[10:].split(' ')[0]
        self.say('530 log in first' if self.now == '530' else '250 ok')
        return True

    def do_RCPT(self, line):
        self.mail['to'] = line[8:].split(' ')[0]
        self.say({'450': '450 later', '550': '550 nobody here'}.get(
            self.now, '250 ok'))
        return True

    def do_DATA(self, line):
        self.say('354 go on')
        raw = []
        while (text := self.rfile.readline(4096)) != b'.\r\n':
            if not text:
                raise ConnectionResetError
            raw.append(text[1:] if text.startswith(b'.') else text)
        if self.now == 'drop':
            note(way='smtp', mode=self.now, **self.mail)
            return False
        if self.now in ('451', '554'):
            self.say(self.now + ' no')
            return True
        parsed = email.message_from_bytes(b''.join(raw),
                                          policy=email.policy.default)
        note(way='smtp', mode=self.now, tls=self.tls,
             raw=b''.join(raw).decode('ascii'), text=parsed.get_content(),
             headers=[[k, str(v)] for k, v in parsed.items()],
             defects=[str(d) for d in parsed.defects], **self.mail)
        if self.now == 'slow':
            time.sleep(1.5)
        self.say('250 taken')
        return True

    def do_QUIT(self, line):
        if self.now == 'hang-at-end':
            time.sleep(14)
            return False
        self.say('221 bye')
        return False

    def do_other(self, line):
        self.say('500 what?')
        return True


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        pass


class Secure(Server):
    def finish_request(self, request, client_address):
        # in the connection's own thread: a bad handshake stops nobody else
        request = context.wrap_socket(request, server_side=True)
        super().finish_request(request, client_address)


if __name__ == '__main__':
    for kind, port, handler in ((Server, ports[0], Gateway),
                                (Secure, ports[1], Gateway),
                                (Server, ports[2], Mail),
                                (Server, ports[3], Mail)):
        server = kind(('127.0.0.1', port), handler)
        threading.Thread(target=server.serve_forever).start()
