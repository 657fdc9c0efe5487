// What a client can send to make a node close a connection early. NGINX counts an upstream connection that ends before its
// answer as a failure of the node, so each of these must be answered.

import { connect as connectTls } from 'node:tls';
import { sleep } from '../lib/check.mjs';

// Sends bytes over a TLS connection of its own and ends it after a while.
function raw(proxy, from, text, linger = 150) {
  return new Promise((done) => {
    const socket = connectTls({ host: '127.0.0.1', port: proxy.port, ca: proxy.ca, localAddress: from }, () => socket.write(text));
    socket.on('error', () => {});
    socket.on('close', () => done());
    socket.resume();
    setTimeout(() => socket.destroy(), linger);
  });
}

async function handshake(proxy, from) {
  const answer = await proxy.get('/socket.io/?EIO=4&transport=polling', { from });
  return JSON.parse(answer.text.slice(1)).sid;
}

const webSocket = (query, extra = '') => `GET /socket.io/?EIO=4&transport=websocket${query} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n`
  + `Connection: Upgrade\r\n${extra}\r\n`;
const withKey = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';

const poll = (sid) => `GET /socket.io/?EIO=4&transport=polling&sid=${sid} HTTP/1.1\r\nHost: x\r\n\r\n`;

async function overlappingPolls(proxy, from) {
  const sid = await handshake(proxy, from);
  await Promise.all([1, 2, 3].map(() => raw(proxy, from, poll(sid))));
}

async function badPosts(proxy, from) {
  for (const body of ['9', '40\x1e\x1e\x1e', 'b####', '42["x"', '\xff\xfe', '1']) {
    const sid = await handshake(proxy, from);
    const waiting = raw(proxy, from, poll(sid));
    await proxy.request('POST', `/socket.io/?EIO=4&transport=polling&sid=${sid}`,
      { from, body, headers: { 'Content-Length': Buffer.byteLength(body) } });
    await waiting;
    await raw(proxy, from, poll(sid));
  }
}

async function leavesWhilePolling(proxy, from) {
  const sid = await handshake(proxy, from);
  await raw(proxy, from, poll(sid));
  await raw(proxy, from, poll(sid));
}

export async function hostileRequests(proxy, from) {
  for (let round = 0; round < 3; round += 1) {
    await overlappingPolls(proxy, from);
    await badPosts(proxy, from);
    await leavesWhilePolling(proxy, from);
    await raw(proxy, from, webSocket(''));                                      // no key
    await raw(proxy, from, webSocket('', 'Sec-WebSocket-Key: short\r\nSec-WebSocket-Version: 13\r\n'));
    await raw(proxy, from, webSocket('', 'Sec-WebSocket-Version: 99\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'));
    await raw(proxy, from, webSocket('&sid=nobody', withKey));
    await raw(proxy, from, `${webSocket('', withKey)}\x01\x02garbage that is no frame`);
    await raw(proxy, from, 'GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello');
    await raw(proxy, from, 'PUT /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n\r\n');
    await raw(proxy, from, 'DELETE /api/players HTTP/1.1\r\nHost: x\r\n\r\n');
    await raw(proxy, from, 'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n');
    await raw(proxy, from, `GET /play HTTP/1.1\r\nHost: x\r\n${'X-Many: 1\r\n'.repeat(90)}\r\n`);
    await raw(proxy, from, `GET /play HTTP/1.1\r\nHost: x\r\n${`X-Long: ${'y'.repeat(3_900)}\r\n`.repeat(3)}\r\n`);
    await raw(proxy, from, 'GET /%00%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n');
    await raw(proxy, from, 'GET /play HTTP/1.1\r\nHost: \x01\r\n\r\n');
    await raw(proxy, from, 'GET /play HTTP/1.0\r\n\r\n');
    await raw(proxy, from, 'TRACE / HTTP/1.1\r\nHost: x\r\n\r\n');
  }
  await sleep(100);
}
