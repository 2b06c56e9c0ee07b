// SPDX-License-Identifier: Apache-2.0
// node server.mjs WORKDIR: an MLLP receiver (Medplum's) on a free port of loopback. What it does
// with a message is what the first part of MSH-10 says: AA-1, AE-2, none-3, split-4 ...
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { Hl7Connection } from '@medplum/hl7';

const end = Buffer.from([0x1c, 0x0d]);
const framed = (text) => Buffer.concat([Buffer.from([0x0b]), Buffer.from(text), end]);

function answer(connection, socket, message) {
  const asked = message.getSegment('MSH').getField(10).toString().split('-')[0];
  const ack = message.buildAck({ ackCode: ['AE', 'AR'].includes(asked) ? asked : 'AA' });
  const bytes = framed(ack.toString());
  if (asked === 'none') return;
  if (asked === 'garbage') return socket.write(framed('NOT HL7'));
  if (asked === 'close') return socket.destroy();
  if (asked !== 'split') return connection.send(ack);
  let at = 0;
  const next = () => {
    if (at < bytes.length) socket.write(bytes.subarray(at++, at), () => setImmediate(next));
  };
  next();
}

const server = net.createServer((socket) => {
  socket.setNoDelay(true);
  const connection = new Hl7Connection(socket, 'utf-8');
  connection.addEventListener('message', ({ message }) => answer(connection, socket, message));
});
server.listen(0, '127.0.0.1', () => {
  fs.writeFileSync(path.join(process.argv[2], 'address'), `127.0.0.1:${server.address().port}\n`);
});
