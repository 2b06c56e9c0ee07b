// SPDX-License-Identifier: Apache-2.0
// node client.mjs PORT FILE...: sends each message by Medplum's client, one after the other on one
// connection, and prints MSA-1 and MSA-2 of each answer.
import fs from 'node:fs';
import { Hl7Message } from '@medplum/core';
import { Hl7Client } from '@medplum/hl7';

const [port, ...files] = process.argv.slice(2);
const client = new Hl7Client({ host: '127.0.0.1', port: Number(port), keepAlive: true });
for (const file of files) {
  const text = fs.readFileSync(file, 'utf-8').replace(/\r?\n/g, '\r');
  const ack = await client.sendAndWait(Hl7Message.parse(text));
  const msa = ack.getSegment('MSA');
  console.log(`${msa.getField(1)} ${msa.getField(2)}`);
}
await client.close();
process.exit(0);
