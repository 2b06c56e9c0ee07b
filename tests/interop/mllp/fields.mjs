// SPDX-License-Identifier: Apache-2.0
// node fields.mjs: the messages of standard input (one a line, their segments end with CR) as
// Medplum sees them, a line of JSON for each: {"segments": [name...], "values":
// {"OBX[2]-5[1].1.1": text...}}, or {"error": why} for what it refuses.
import fs from 'node:fs';
import { Hl7Message } from '@medplum/core';

function fieldsOf(message) {
  const segments = [];
  const values = {};
  const seen = {};
  const put = (path, value) => {
    if (value) values[path] = value;
  };
  for (const segment of message.segments) {
    const name = segment.name;
    if (segment.fields.length === 1 && !name) continue; // what stands after the last CR
    segments.push(name);
    seen[name] = (seen[name] ?? 0) + 1;
    const delimiters = name === 'MSH' ? 2 : 0; // MSH-1 and MSH-2 are text without parts
    const last = segment.fields.length - (name === 'MSH' ? 0 : 1);
    for (let i = 1; i <= last; i++) {
      const path = `${name}[${seen[name]}]-${i}`;
      const field = segment.getField(i);
      if (i <= delimiters) {
        put(`${path}[1].1.1`, field.toString());
        continue;
      }
      field.components.forEach((components, repetition) =>
        components.forEach((component, c) =>
          component.split(segment.context.subcomponentSeparator).forEach((_, s) =>
            put(`${path}[${repetition + 1}].${c + 1}.${s + 1}`, field.getComponent(c + 1, s, repetition)))));
    }
  }
  return { segments, values };
}

for (const text of fs.readFileSync(0, 'utf-8').replace(/\n$/, '').split('\n')) {
  let line;
  try {
    line = fieldsOf(Hl7Message.parse(text));
  } catch (refused) {
    line = { error: refused.message };
  }
  console.log(JSON.stringify(line));
}
