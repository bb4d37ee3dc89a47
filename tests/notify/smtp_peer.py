"""A mail server on loopback that takes mail, or does what mail servers do on bad days. Says what happens as lines of JSON."""

import argparse
import asyncio
import email
import email.policy
import json
import ssl

from aiosmtpd.smtp import SMTP, AuthResult

options = argparse.ArgumentParser()
options.add_argument("--tls", nargs=2, metavar=("CERTIFICATE", "KEY"), help="from the first byte")
options.add_argument("--starttls", nargs=2, metavar=("CERTIFICATE", "KEY"))
options.add_argument("--login", help="user:password, and no mail without")
options.add_argument("--fault", default="", help="what goes wrong; see below")
wish = options.parse_args()
fault = wish.fault


def say(**event):
    print(json.dumps(event), flush=True)


def read(content):
    message = email.message_from_bytes(content, policy=email.policy.default)
    return {
        "headers": [[name, str(value)] for name, value in message.items()],
        "type": message.get_content_type(),
        "parts": [
            {
                "type": part.get_content_type(),
                "charset": part.get_content_charset(),
                "encoding": part["content-transfer-encoding"],
                "content": part.get_content().replace("\r\n", "\n"),
            }
            for part in message.walk()
            if not part.is_multipart()
        ],
        "longest_line": max(len(line) for line in content.split(b"\r\n")),
        "ascii": content.isascii(),
        "raw": content.decode("utf-8", "replace"),
    }


class Server(SMTP):
    """Tells each command before it acts on it."""

    def connection_made(self, transport):
        if fault == "busy" and not self.session:
            transport.write(b"421 4.7.0 too many connections, try again later\r\n")
            transport.close()
            return
        super().connection_made(transport)

    async def smtp_EHLO(self, hostname):
        say(command="EHLO", name=hostname, tls=bool(self.session.ssl))
        await super().smtp_EHLO(hostname)

    async def smtp_STARTTLS(self, arg):
        say(command="STARTTLS")
        if fault == "starttls_refused":
            await self.push("454 4.7.0 TLS not available due to temporary reason")
            return
        await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, arg):
        say(command="AUTH", tls=bool(self.session.ssl))
        await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg):
        say(command="MAIL", argument=arg)
        if fault == "mail_refused":
            await self.push("550 5.7.60 you may not send as this address")
            return
        await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg):
        say(command="RCPT", argument=arg)
        if fault == "cut_early":
            self.transport.abort()
            return
        await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg):
        if fault == "cut_at_data":
            await self.push("354 go on")
            self.transport.abort()
            return
        await super().smtp_DATA(arg)

    async def smtp_QUIT(self, arg):
        say(command="QUIT")
        if fault == "hang_at_quit":
            await asyncio.sleep(3600)
        await super().smtp_QUIT(arg)


class Postbox:
    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if fault == "rcpt_later":
            return "450 4.2.1 the mailbox is busy"
        if fault == "rcpt_refused":
            return "550 5.1.1 there is no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        say(mail=read(envelope.content), **{"from": envelope.mail_from, "to": envelope.rcpt_tos})
        if fault == "cut":
            server.transport.abort()
            return "250 never said"
        if fault == "hang_at_data":
            await asyncio.sleep(3600)
        if fault == "data_later":
            return "452 4.3.1 out of disk"
        if fault == "data_refused":
            return "554 5.7.1 this looks like spam"
        return "250 OK"


def login(server, session, envelope, mechanism, words):
    user, _, password = wish.login.partition(":")
    given = (words.login.decode(), words.password.decode())
    if given == (user, password):
        return AuthResult(success=True)
    if fault == "echo":
        return AuthResult(success=False, handled=False, message="535 5.7.8 wrong password " + given[1])
    return AuthResult(success=False, handled=False)


def context(files):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(*files)
    return made


class Tarpit(asyncio.Protocol):
    """Takes the connection and says nothing."""


def protocol():
    if fault == "tarpit":
        return Tarpit()
    return Server(
        Postbox(),
        hostname="peer.example",
        tls_context=context(wish.starttls) if wish.starttls else None,
        authenticator=login if wish.login else None,
        auth_required=bool(wish.login),
        auth_require_tls=bool(wish.starttls),
        auth_exclude_mechanism=None if wish.login else ["LOGIN", "PLAIN"],
        loop=asyncio.get_running_loop(),
    )


async def main():
    server = await asyncio.get_running_loop().create_server(
        protocol, "127.0.0.1", 0, ssl=context(wish.tls) if wish.tls else None
    )
    say(port=server.sockets[0].getsockname()[1])
    await server.serve_forever()


asyncio.run(main())
