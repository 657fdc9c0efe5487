import { createServer } from 'node:net';

// Below the ports that the kernel gives to outgoing connections, so that a server that is stopped finds its port free later.
const kFirst = 20_000;
const kCount = 12_000;

function tryPort(port) {
  return new Promise((done) => {
    const server = createServer().on('error', () => done(undefined)).listen(port, '127.0.0.1', () => done(server));
  });
}

// Ports that were free a moment ago, all different.
export async function freePorts(count) {
  const servers = [];
  for (let attempt = 0; servers.length < count; attempt += 1) {
    if (attempt > 1000) throw new Error('no free ports');
    const server = await tryPort(kFirst + Math.floor(Math.random() * kCount));
    if (server) servers.push(server);
  }
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((closed) => { server.close(closed); })));
  return ports;
}
