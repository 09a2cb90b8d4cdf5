#!/usr/bin/env python3
"""Encryption before a Postgres server that has none: answers the request for it, and takes no plain connection.

usage: tls_front.py CERTIFICATE KEY PORT; prints the port it listens on
"""
import socket, ssl, sys, threading

ASKS_FOR_ENCRYPTION = b"\x00\x00\x00\x08\x04\xd2\x16\x2f"

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])


def pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    for end in (source, target):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(plain):
    try:
        if plain.recv(8, socket.MSG_WAITALL) != ASKS_FOR_ENCRYPTION:
            plain.close()
            return
        plain.sendall(b"S")
        client = context.wrap_socket(plain, server_side=True)
    except OSError:
        plain.close()
        return
    server = socket.create_connection(("127.0.0.1", int(sys.argv[3])))
    threading.Thread(target=pump, args=(server, client), daemon=True).start()
    pump(client, server)


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
