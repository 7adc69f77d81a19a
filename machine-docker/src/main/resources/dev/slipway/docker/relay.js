// Hands connections to 127.0.0.1 of this container on to sockets in this folder, which are named by their ports.
const fs = require('fs');
const net = require('net');

const ports = process.argv.slice(2);
let listening = 0;
for (const port of ports) {
  net
    .createServer({ allowHalfOpen: true }, (client) => {
      const there = net.connect({ path: port, allowHalfOpen: true });
      const end = () => {
        client.destroy();
        there.destroy();
      };
      client.on('error', end);
      there.on('error', end);
      client.pipe(there);
      there.pipe(client);
    })
    .on('error', () => {
      fs.writeFileSync('failed', '');
      process.exit(1);
    })
    .listen(Number(port), '127.0.0.1', () => {
      if (++listening === ports.length) {
        fs.writeFileSync('ready', '');
      }
    });
}
