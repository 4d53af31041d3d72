#!/usr/bin/env python3
"""A mail server for the tests: aiosmtpd, with moods.

    mail_server.py [--certificate FILE --key FILE] [--implicit] [--user NAME:PASSWORD] [--refuse-all]

The first line that it prints is its port. Then it prints a line of JSON for each message that it has taken: what Python's own parser
makes of it. What it does depends on the part in front of the @ of the recipient (see MOODS) and, for `stranger`, of the sender. It ends
with its standard input.
"""
import argparse
import asyncio
import email
import email.policy
import json
import re
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

# Answers to RCPT TO, and to the end of the message.
RECIPIENT_MOODS = {"busy": "450 4.2.1 <{address}> is busy", "gone": "550 5.1.1 <{address}> is unknown here", "old": "550 <{address}> is unknown"}
MESSAGE_MOODS = {"later": "451 4.3.0 try again, {address}", "spam": "554 5.7.1 {address} does not want this"}


def name_of(address):
    return address.strip('"').split("@")[0]


class Handler:
    async def handle_MAIL(self, server, session, envelope, address, options):
        if name_of(address) == "stranger":
            return "550 5.7.1 who are you?"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        name = name_of(address)
        if name in RECIPIENT_MOODS:
            return RECIPIENT_MOODS[name].format(address=address)
        if name == "hangs-up":
            server.transport.abort()
            return "250 OK"
        if name == "slow":
            await asyncio.sleep(60)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        name = name_of(envelope.rcpt_tos[0])
        if name in MESSAGE_MOODS:
            return MESSAGE_MOODS[name].format(address=envelope.rcpt_tos[0])
        report(envelope.original_content, {
            "sender": envelope.mail_from, "recipients": envelope.rcpt_tos, "name": session.host_name, "encrypted": server.transport.get_extra_info("sslcontext") is not None,
            "signed_in": bool(session.authenticated)})
        if name == "cut":
            server.transport.abort()
        return "250 OK"


def report(content, facts):
    message = email.message_from_bytes(content, policy=email.policy.default)
    parts = {part.get_content_type(): part.get_content() for part in message.walk() if not part.is_multipart()}
    header = content.split(b"\r\n\r\n", 1)[0]
    facts |= {
        "subject": message["Subject"], "date": message["Date"].datetime.isoformat(), "id": message["Message-ID"],
        "from": [[address.display_name, address.addr_spec] for address in message["From"].addresses],
        "to": [[address.display_name, address.addr_spec] for address in message["To"].addresses],
        "headers": [name for name, _ in message.items()],
        "others": {name: str(message[name]) for name in ["Reply-To", "List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted"] if message[name]},
        "text": parts.get("text/plain"), "html": parts.get("text/html"),
        "type": message.get_content_type(),
        "defects": [str(defect) for part in message.walk() for defect in part.defects]
        + [str(defect) for value in message.values() for defect in value.defects],
        "longest": max(len(line) for line in content.split(b"\r\n")),
        "longest_header": max(len(line) for line in header.split(b"\r\n")),
        "is_ascii": all(byte < 0x80 for byte in content),
        "bare": len(re.findall(rb"\r(?!\n)|(?<!\r)\n", content)),
    }
    print(json.dumps(facts), flush=True)


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--implicit", action="store_true")
    parser.add_argument("--user")
    parser.add_argument("--refuse-all", action="store_true")
    options = parser.parse_args()
    context = None
    if options.certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options.certificate, options.key)

    def authenticate(server, session, envelope, mechanism, data):
        given = isinstance(data, LoginPassword) and f"{data.login.decode()}:{data.password.decode()}"
        return AuthResult(success=given == options.user, handled=False)

    def protocol():
        return SMTP(
            Handler(), hostname="mail.example", tls_context=None if options.implicit else context,
            require_starttls=context is not None and not options.implicit, auth_required=options.user is not None,
            auth_require_tls=False, authenticator=authenticate if options.user else None)

    async def refuse(reader, writer):
        writer.write(b"554 5.3.2 no service here\r\n")
        await writer.drain()
        writer.close()

    loop = asyncio.get_running_loop()
    if options.refuse_all:
        server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    else:
        server = await loop.create_server(protocol, "127.0.0.1", 0, ssl=context if options.implicit else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    # Whoever has started it may be killed.
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
