// A mail server that speaks TLS from the first byte (smtps) and says what its owner wants. `mails` are the texts it took; `heard` are
// the lines of logins.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:tls';

export class MailServer {
  // `replies` by verb: a text, or a function of the line; without one it is content.
  static async start(certificate) {
    const server = new MailServer();
    Object.assign(server, { mails: [], heard: [], replies: {}, open: new Set() });
    server.listener = createServer({ cert: certificate.ca, key: readFileSync(certificate.key) }, (socket) => server.serve(socket));
    await new Promise((done) => { server.listener.listen(0, '127.0.0.1', done); });
    server.port = server.listener.address().port;
    return server;
  }

  serve(socket) {
    this.open.add(socket);
    socket.on('close', () => this.open.delete(socket)).on('error', () => {});
    socket.setEncoding('utf8');
    const say = (text) => socket.write(`${text}\r\n`);
    let rest = '';
    let mail;
    say('220 ready');
    socket.on('data', (text) => {
      const lines = (rest + text).split('\r\n');
      rest = lines.pop();
      for (const line of lines) {
        if (mail !== undefined && line !== '.') {
          mail += `${line}\n`;
        } else if (mail !== undefined) {
          this.mails.push(mail);
          mail = undefined;
          say('250 taken');
        } else {
          this.answer(line, say);
          if (line === 'DATA') mail = '';
        }
      }
    });
  }

  answer(line, say) {
    const verb = line.split(' ')[0];
    if (verb === 'AUTH') this.heard.push(line);
    const reply = this.replies[verb];
    const usual = { DATA: '354 go on', EHLO: '250 AUTH PLAIN', AUTH: '235 welcome' }[verb] ?? '250 ok';
    say(typeof reply === 'function' ? reply(line) : reply ?? usual);
  }

  async stop() {
    for (const socket of this.open) socket.destroy();
    await new Promise((done) => { this.listener.close(done); });
  }
}
