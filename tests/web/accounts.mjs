// SPDX-License-Identifier: Apache-2.0
// Invites a person and enrols them as their phone would.
import { createHmac } from 'node:crypto';
import { execFileSync } from 'node:child_process';

export const password = 'my hospital has a blue door';

function fromBase32(text) {
  const bytes = [];
  let bits = 0;
  let count = 0;
  for (const letter of text.replaceAll(' ', '')) {
    bits = ((bits << 5) | 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter)) & 0xffff;
    count += 5;
    if (count >= 8) bytes.push((bits >> (count -= 8)) & 255);
  }
  return Buffer.from(bytes);
}

/** The six digits of RFC 6238 for a key as the page writes it. */
export function codeOf(key) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
  const mac = createHmac('sha1', fromBase32(key.trim())).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1e6).padStart(6, '0');
}

/** The link by which somebody makes their account; `who`: ['--role', 'viewer'] and the like. */
export function invite(meridian, config, who, name, email) {
  const given = ['people', 'add', '--config', config, '--yes', ...who, '--name', name, '--email', email];
  return JSON.parse(execFileSync(meridian, given, { encoding: 'utf8' })).link;
}

/** From the link to a session, the quick way. */
export async function enrol(page, link, email) {
  await page.goto(link);
  await page.getByRole('button').click();
  for (const field of ['#password', '#again']) await page.fill(field, password);
  await page.getByRole('button').click();
  await page.fill('#code', codeOf(await page.textContent('.key')));
  await page.getByRole('button').click();
  const recovery = await page.textContent('.codes li');
  await page.goto(new URL('/sign-in', link).href);
  await page.fill('#email', email);
  await page.fill('#password', password);
  await page.fill('#code', recovery);
  await page.locator('form:has(#code) button').click();  // a passkey has a button of its own
  await page.waitForURL('**/home');
}
