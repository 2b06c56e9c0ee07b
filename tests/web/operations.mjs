// SPDX-License-Identifier: Apache-2.0
// operations.mjs MERIDIAN CONFIG TOKEN PICTURES: a viewer looks and can do nothing; an operator finds a message that
// could not be read, looks into it after saying why, and has it read again: with scripts and without, at both sizes,
// and by keyboard alone. Each kind of referral is looked at in English and in Spanish.
import fs from 'node:fs';
import assert from 'node:assert/strict';
import { enrol, invite } from './accounts.mjs';
import { close, launch, look as lookAt, phone, tabToField, tabToText, visitor, wide } from './browser.mjs';

const [meridian, config, tokenFile, pictures] = process.argv.slice(2);
const token = fs.readFileSync(tokenFile, 'utf8').trim();
const hall = await launch(pictures);
const attack = '<img src=x onerror=alert(1)><script>alert(2)</script>';
let people = 0;

/** Somebody of that role who has signed in. */
async function signedIn(role, how) {
  const email = `p${++people}@tamarack.example`;
  const link = invite(meridian, config, ['--role', role], `Vera ${role} <i>Moss</i>`, email);
  const page = await visitor(hall, new URL(link).origin, how);
  await enrol(page, link, email);
  return page;
}

const origin = (page) => new URL(page.url()).origin;
const address = (page, path) => `${origin(page)}${path}`;

/** Posts what nobody can read; returns the id under which it is kept. */
async function spoil(page, n) {
  const answer = await fetch(address(page, '/in/tamarack-ridge'), {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/fhir+json', 'X-Request-Id': `bad-${n}` },
    body: `{"resourceType":"ServiceRequest","status":"${attack}","note":[{"text":"${attack}`,
  });
  assert.equal(answer.status, 422);
  return (await answer.text()).match(/kept in quarantine as ([0-9A-Z]{26})/)[1];
}

async function viewer(size) {
  const page = await signedIn('viewer', { size });
  const message = await spoil(page, `viewer-${size.width}`);
  const look = (name) => lookAt(hall, page, `operations-viewer-${name}`);
  await look('home');
  await page.getByRole('link', { name: 'Operations' }).click();
  await page.getByRole('heading', { name: 'Needs a person' }).waitFor();
  assert.equal(await page.locator('a.act').count(), 0, 'a viewer is offered nothing to do');
  await look('board');
  await page.goto(address(page, `/operations/find?q=${message}`));
  assert.ok((await page.content()).includes('holds patient data'));
  assert.equal(await page.getByText('onerror').count(), 0);
  await look('message');
  for (const path of [`/operations/message?what=message/${message}`, '/operations/act?action=reconcile&target=all']) {
    const answer = await page.goto(address(page, path));
    assert.equal(answer.status(), 403, path);
  }
  await look('refused');
  await page.goto(address(page, `/operations/find?q=${encodeURIComponent(attack)}`));
  await look('nothing-found');
  await page.context().close();
}

async function operator(how) {
  const page = await signedIn('operator', how);
  const scripts = how.scripts ?? true;
  const look = (name) => lookAt(hall, page, `operations-${scripts ? '' : 'plain-'}${name}`, { scripts });
  const message = await spoil(page, `operator-${scripts}-${how.size.width}`);
  await page.goto(address(page, '/operations'));
  await look('board');
  await page.goto(address(page, `/operations/find?q=${message}`));
  await look('why');
  await page.locator('#not-delivered').check();
  await page.getByRole('button', { name: 'Show it' }).click();
  await page.locator('pre').waitFor();
  assert.ok((await page.textContent('pre')).includes(attack), 'the message is shown as text');
  await look('message');
  await page.goto(address(page, `/operations/act?action=read-again&target=${message}`));
  await look('read-again');
  await page.goto(address(page, '/operations/act?action=reconcile&target=all'));
  await look('reconcile');
  await page.getByRole('button', { name: 'Ask, change nothing' }).click();
  await look('reconciled');
  await page.goto(address(page, '/operations/referral/01JNQX5K7V9W2M4R8T6Y0ZBCDE'));
  await look('no-referral');
  await page.context().close();
}

async function byKeyboard(size) {
  const page = await signedIn('administrator', { size });
  await spoil(page, `keyboard-${size.width}`);
  await page.goto(address(page, '/operations'));
  await tabToText(page, 'Show');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/operations/message?**');
  await tabToField(page, 'connection-test');
  await page.keyboard.press('Space');
  for (let i = 0; i < 4 && !await page.locator('#connection-test').isChecked(); ++i) {
    await page.keyboard.press('ArrowDown');
  }
  await tabToText(page, 'Show it');
  await page.keyboard.press('Enter');
  await page.locator('pre').waitFor();
  await page.context().close();
}

/** No sentence of a Spanish page is English, but where it is marked so, and in names. */
async function isSpanish(page, name) {
  const left = await page.evaluate(() => {
    const body = document.body.cloneNode(true);
    for (const other of body.querySelectorAll('[lang=en], pre, bdi, svg title')) other.remove();
    const said = [...body.querySelectorAll('[aria-label], [data-label]')]
      .flatMap((one) => [one.getAttribute('aria-label'), one.dataset.label]);
    for (const one of body.querySelectorAll('*')) one.append('\n');
    return [body.textContent, document.title, ...said].join('\n');
  });
  assert.equal(await page.getAttribute('html', 'lang'), 'es', name);
  assert.equal(left.match(/.*\b(the|and|not|was|is|of|nothing|waits|sent|held|by|since)\b.*/i)?.[0], undefined, name);
}

/** The list of all, each referral's page, and what could be done about one that did not arrive. */
async function referrals(size, locale) {
  const spanish = locale.startsWith('es');
  const page = await signedIn('operator', { size, locale });
  const look = async (name) => {
    if (spanish) await isSpanish(page, name);
    await lookAt(hall, page, `operations-${locale.slice(0, 2)}-${name}`);
  };
  await page.goto(address(page, '/operations'));
  const live = await page.getAttribute('#live', 'data-live');
  await page.getByText(live).waitFor();
  await look('board');
  for (const folded of await page.locator('summary').all()) await folded.click();
  await look('board-unfolded');
  await page.goto(address(page, '/referrals'));
  await look('list');
  const links = await page.locator('a[href^="/operations/referral/"]').evaluateAll((all) => all.map((one) => one.href));
  assert.equal(links.length, 4, 'one of each');
  for (const [i, link] of links.entries()) {
    await page.goto(link);
    for (const folded of await page.locator('summary').all()) await folded.click();
    await look(`referral-${i + 1}`);
  }
  for (const action of ['send-again', 'redirect', 'pause']) {
    for (const link of [...links, address(page, '/operations')]) {
      await page.goto(link);
      const acts = page.locator(`a[href*="action=${action}&"]`);
      if (await acts.count() === 0) continue;
      await acts.first().click();
      await look(action);
      break;
    }
  }
  await page.goto(address(page, '/operations/find?q=4711'));
  await look('nothing-found');
  await page.goto(address(page, '/operations/referral/01JNQX5K7V9W2M4R8T6Y0ZBCDE'));
  await look('no-referral');
  await page.context().close();
}

for (const size of [wide, phone]) {
  for (const locale of ['en-US', 'es-MX']) await referrals(size, locale);
  await viewer(size);
  await operator({ size });
  await operator({ size, scripts: false });
  await byKeyboard(size);
}
await close(hall, 'every page of operations was walked');
