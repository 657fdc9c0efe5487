import { createServer } from 'node:net';

// Ports that were free a moment ago, all different.
export async function freePorts(count) {
  const servers = await Promise.all(Array.from({ length: count }, () => new Promise((open, failed) => {
    const server = createServer().on('error', failed).listen(0, '127.0.0.1', () => open(server));
  })));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((closed) => { server.close(closed); })));
  return ports;
}
