// SPDX-License-Identifier: Apache-2.0
// journeys.mjs ADDRESS PICTURES: what a nurse does, in a real browser: with and without JavaScript, at
// 360 pixels, by keyboard alone, in at most five clicks; each page is looked at by axe-core and photographed.
import fs from 'node:fs';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { close, launch, look as lookAt, phone, plain, skips, tabToField, tabToText, visitor as anyone, wide }
  from './browser.mjs';

const [address, pictures] = process.argv.slice(2);
const mostClicks = 5;
const hall = await launch(pictures);
const look = (page, name) => lookAt(hall, page, name);

/** A browser of somebody who is signed in for that clinic. */
const visitor = (clinic, how = {}) =>
  anyone(hall, address, { ...how, cookies: [{ name: 'meridian', value: `${clinic}-session` }] });

/** From the list to the referral of that name; returns the clicks. */
async function openReferral(page, name) {
  await page.goto(`${address}/inbox`);
  for (const group of ['fresh', 'ours', 'theirs', 'booked', 'in_course', 'closed']) {
    await page.goto(`${address}/inbox?group=${group}`);
    const link = page.getByRole('link', { name, exact: false });
    if (await link.count() === 0) continue;
    await page.goto(`${address}/inbox`);
    let clicks = 1;
    if (await link.count() === 0) {
      await page.locator(`.tabs a[href$="group=${group}"]`).click();
      ++clicks;
    }
    await link.first().click();
    return clicks;
  }
  throw new Error(`no referral of ${name}`);
}

const acts = {
  accept: { text: 'We call her this afternoon.' },
  decline: { reason: 'no-capacity', text: 'Full until February.' },
  ask: { text: 'Does she still take apixaban?' },
  propose: { date1: '2026-11-26', time1: '09:30', date2: '2026-11-27', time2: '14:00' },
  book: { date1: '2026-11-26', time1: '09:30' },
  visit: { date1: '2026-11-21', NRS: '5', ODI: '38', adverse: 'mild', text: 'Six points, 20 minutes.' },
  missed: {},
  report: { text: 'Eight visits. Pain from 6 to 2. Advice: walking.', NRS: '2', ODI: '18' },
  'give-back': { text: 'No change after six visits.' },
  'red-flag': { text: 'Foot drop since yesterday.' },
};
const names = { accept: 'Accept', decline: 'Decline', ask: 'Ask the surgeon', propose: 'Propose times', book: 'Book a visit',
  visit: 'Record a visit', missed: 'Patient did not come', report: 'Send the report', 'give-back': 'Return to the surgeon',
  'red-flag': 'Report a red flag' };

/** Fills a form; returns the clicks that takes: typing and Tab are none. */
async function fill(page, fields) {
  let clicks = 0;
  for (const [field, value] of Object.entries(fields)) {
    if (field === 'adverse') { await page.locator(`#adverse-${value}`).check(); ++clicks; }
    else if (field === 'reason') { await page.selectOption('#reason', value); ++clicks; }
    else await page.fill(`#${field}`, value);
  }
  return clicks;
}

/** One act, from the page of the referral on; returns the clicks. */
async function say(page, act, { looked = false } = {}) {
  await page.getByRole('link', { name: names[act], exact: true }).click();
  if (looked) await look(page, `form-${act}`);
  const clicks = await fill(page, acts[act]);
  await page.getByRole('button', { name: names[act] }).click();
  await page.waitForURL(`**?done=${act}`);
  await page.getByRole('status').waitFor();
  return clicks + 2;
}

async function journeys(clinic, options, people, looked) {
  const page = await visitor(clinic, options);
  const run = async (person, list) => {
    for (const act of list) {
      const clicks = await openReferral(page, person) + await say(page, act, { looked });
      assert.ok(clicks <= mostClicks, `${act} takes ${clicks} clicks from the list`);
    }
    if (looked) await look(page, `after-${list.at(-1)}`);
  };
  await run(people[0], ['accept', 'book', 'visit', 'report']);
  await run(people[1], ['propose', 'ask', 'accept', 'book', 'missed', 'book', 'visit', 'give-back']);
  await run(people[2], ['decline']);
  await run(people[3], ['accept', 'red-flag']);
  await page.context().close();
}

/** Enters a value as keys do it: dates and times as an American browser has them. */
async function type(page, field, value) {
  if (field === 'reason' || field === 'adverse') {
    const chosen = () => page.evaluate(() => document.activeElement.value + document.activeElement.checked);
    const wanted = `${value}${field === 'reason' ? 'undefined' : 'true'}`;
    for (let i = 0; i < 20 && await chosen() !== wanted; ++i) await page.keyboard.press('ArrowDown');
    return assert.equal(await chosen(), wanted, `${field} is chosen by arrows`);
  }
  if (field.startsWith('date')) return page.keyboard.type(value.replace(/(\d+)-(\d+)-(\d+)/, '$2$3$1'));
  if (field.startsWith('time')) {
    const [hour, minute] = value.split(':').map(Number);
    const two = (number) => String(number).padStart(2, '0');
    return page.keyboard.type(`${two((hour + 11) % 12 + 1)}${two(minute)}${hour < 12 ? 'AM' : 'PM'}`);
  }
  return page.keyboard.type(value);
}

async function sayByKeyboard(page, act) {
  await tabToText(page, names[act]);
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/${act}`);
  await skips(page, act);
  for (const [field, value] of Object.entries(acts[act])) {
    await tabToField(page, field === 'adverse' ? `adverse-${value}` : field);
    await type(page, field, value);
    if (field !== 'adverse') assert.equal(await page.inputValue(`#${field}`), value, `${act}: ${field} by keys`);
  }
  await tabToText(page, names[act]);
  await page.keyboard.press('Enter');
  await page.waitForURL(`**?done=${act}`);
}

/** Every act without a mouse, on referrals that are new. */
async function byKeyboard(size) {
  const page = await visitor('birch', { size });
  for (const list of [['accept', 'book', 'visit', 'report'],
                      ['propose', 'ask', 'accept', 'book', 'missed', 'give-back'], ['decline'], ['accept', 'red-flag']]) {
    await page.goto(`${address}/inbox?group=fresh`);
    await skips(page, 'the list');
    await tabToText(page, plain(await page.locator('.cards a').first().innerText()));
    await page.keyboard.press('Enter');
    await page.waitForURL(/inbox\/[0-9A-Z]+$/);
    for (const act of list) await sayByKeyboard(page, act);
  }
  await page.context().close();
}

/** Pages beside the journeys, at both sizes. */
async function gallery(size) {
  const page = await visitor('willow', { size });
  await page.goto(`${address}/inbox?group=fresh`);
  await look(page, 'list');
  for (const [name, file] of [['Oyelaran', 'referral'], ['Maximiliana', 'long-name'], ['الحَسَن', 'right-to-left'],
                              ['<script>', 'hostile-name']]) {
    await openReferral(page, name);
    await look(page, file);
  }
  await page.getByRole('link', { name: 'Decline', exact: true }).click();
  await page.evaluate(() => document.querySelector('form').setAttribute('novalidate', ''));
  await page.getByRole('button', { name: 'Decline' }).click();
  await page.getByRole('alert').waitFor();
  await look(page, 'form-with-errors');
  await page.goto(`${address}/inbox/01JNQX5K7V9W2M4R8T6Y0ZBCDE`);
  await look(page, 'not-there');
  await page.context().close();
  const empty = await visitor('cedar', { size });
  await empty.goto(`${address}/inbox`);
  await look(empty, 'empty');
  await empty.context().close();
  const many = await visitor('birch', { size });
  const begin = Date.now();
  await many.goto(`${address}/inbox?group=fresh&page=2`);
  console.log(`the long list took ${Date.now() - begin} ms`);
  await look(many, 'many');
  await many.getByLabel('Find a patient by name').fill('patient-49 ADA');
  await many.getByRole('button', { name: 'Find', exact: true }).click();
  await many.getByRole('heading', { name: 'Found: 11' }).waitFor();  // 49 and 490 to 499
  assert.equal(await many.locator('.cards > li').count(), 11);
  await look(many, 'found');
  await many.getByLabel('Find a patient by name').fill('<b>nobody');
  await many.keyboard.press('Enter');
  await many.getByText('Nobody of that name').waitFor();
  await look(many, 'found-nobody');
  await many.context().close();
  await inSpanish(size);
}

/** The same pages for who reads Spanish, the forms of a new referral too; on a phone these in English as well. */
async function inSpanish(size) {
  const spanish = await visitor('willow', { size, locale: 'es-MX' });
  await spanish.goto(`${address}/inbox?group=fresh`);
  await look(spanish, 'spanish-list');
  await spanish.locator('.cards a').first().click();
  await spanish.waitForURL(/inbox\/[0-9A-Z]+$/);
  await look(spanish, 'spanish');
  const referral = spanish.url();
  const english = await visitor('willow', { size });
  for (const act of ['accept', 'decline', 'ask', 'propose', 'book', 'red-flag']) {
    await spanish.goto(`${referral}/${act}`);
    await look(spanish, `spanish-form-${act}`);
    if (size !== phone) continue;
    await english.goto(`${referral}/${act}`);
    await look(english, `form-${act}`);
  }
  await spanish.goto(`${referral}/decline`);
  await spanish.evaluate(() => document.querySelector('form').setAttribute('novalidate', ''));
  await spanish.locator('.send button').click();
  await spanish.getByRole('alert').waitFor();
  await look(spanish, 'spanish-form-with-errors');
  await english.context().close();
  await spanish.context().close();
}

/** Two tabs of one clinic: the later one is told, and keeps what was typed. */
async function lostBase(person) {
  const first = await visitor('willow');
  const second = await visitor('willow');
  await openReferral(first, person);
  await second.goto(first.url());
  await first.getByRole('link', { name: 'Ask the surgeon' }).click();
  await say(second, 'accept');
  await first.fill('#text', 'Is there a new image?');
  await first.getByRole('button', { name: 'Ask the surgeon' }).click();
  await first.getByRole('alert').waitFor();
  assert.equal(await first.inputValue('#text'), 'Is there a new image?');
  await look(first, 'lost-base');
  await first.context().close();
  await second.context().close();
}

/** What is downloaded is what it says; the packet is photographed, and is one sheet and its report behind it. */
async function downloads(person, picture) {
  const page = await visitor('willow', { scripts: false });
  await openReferral(page, person);
  for (const [name, begin] of [['Packet to print', '%PDF-'], ['Data for software', '{']]) {
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).click()]);
    const path = await file.path();
    const bytes = fs.readFileSync(path);
    assert.ok(bytes.subarray(0, 5).toString().startsWith(begin), `${name} is what it says`);
    if (begin !== '%PDF-') continue;
    execFileSync('pdftoppm', ['-r', '100', '-png', path, `${pictures}/${picture}`]);
    const sheets = Number(/^Pages: +(\d+)/m.exec(execFileSync('pdfinfo', [path]).toString())[1]);
    if (sheets !== 2) hall.wrong(`the packet of ${person} has ${sheets} sheets`);
  }
  await page.context().close();
}

await gallery(wide);
await gallery(phone);
await downloads('Oyelaran', 'packet');
await downloads('Maximiliana', 'packet-long-name');
await downloads('الحَسَن', 'packet-right-to-left');
await journeys('willow', {}, ['Oyelaran', 'Maximiliana', 'الحَسَن', 'Minh Khai'], true);
await journeys('willow', { scripts: false, size: phone }, ['Alvarado', 'Birkeland', 'Nakamura', 'Vandermeulen'], false);
await byKeyboard(wide);
await byKeyboard(phone);
await lostBase('Okonkwo');
await close(hall, 'every journey was walked');
