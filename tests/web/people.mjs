// SPDX-License-Identifier: Apache-2.0
// node people.mjs MERIDIAN CONFIG PICTURES: invited people enrol, sign in, find the inbox and sign out.
import { chromium } from "playwright-core";
import { createHmac } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [meridian, config, pictures] = process.argv.slice(2);
mkdirSync(pictures, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const password = "my hospital has a blue door";
let wrong = 0;

function expect(good, what) {
  if (good) return;
  ++wrong;
  console.log("WRONG", what);
}

function fromBase32(text) {
  const bytes = [];
  let bits = 0;
  let count = 0;
  for (const letter of text.replaceAll(" ", "")) {
    bits = ((bits << 5) | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter)) & 0xffff;
    count += 5;
    if (count >= 8) bytes.push((bits >> (count -= 8)) & 255);
  }
  return Buffer.from(bytes);
}

// RFC 6238, as a phone does it.
function codeOf(key) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
  const mac = createHmac("sha1", key).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1e6).padStart(6, "0");
}

function invite(name, email) {
  const given = ["people", "add", "--config", config, "--yes", "--role", "clinic", "--clinic", "quiet-river"];
  const told = execFileSync(meridian, [...given, "--name", name, "--email", email], { encoding: "utf8" });
  return JSON.parse(told).link;
}

async function look(page, name, scripts) {
  const size = Buffer.byteLength(await page.content());
  expect(size < 100_000, `${name}: ${size} bytes`);
  if (scripts) {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(!wide, `${name}: wider than the screen`);
    const found = await page.evaluate(
      async ([source, runOnly]) => {
        new Function(source)();
        return (await window.axe.run(document, { runOnly })).violations.map((one) => one.id);
      },
      [axe, rules],
    );
    expect(found.length === 0, `${name}: ${found}`);
  }
  await page.screenshot({ path: `${pictures}/people-${name}.png`, fullPage: true });
}

async function enrol(page, tag, scripts) {
  const type = (text) => page.keyboard.type(text);
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await look(page, `${tag}-1-link`, scripts);
  await press("Tab", "Enter");
  await page.waitForSelector("#password");
  await look(page, `${tag}-2-password`, scripts);
  for (const tried of ["short", password]) {
    await press("Tab");
    await type(tried);
    await press("Tab");
    await type(tried);
    await press("Enter");
    await page.waitForSelector(tried === password ? "#code" : "[role=alert]");
    if (tried !== password) await look(page, `${tag}-3-refused`, scripts);
  }
  await look(page, `${tag}-4-phone`, scripts);
  const key = fromBase32((await page.textContent(".key")).trim());
  await press("Tab", "Tab");
  await type(codeOf(key));
  await press("Enter");
  await page.waitForSelector(".codes");
  await look(page, `${tag}-5-recovery`, scripts);
  const recovery = await page.textContent(".codes li");
  await press("Tab", "Enter");
  await page.waitForSelector("#email");
  return recovery;
}

async function signIn(page, email, given, code) {
  for (const text of [email, given, code]) {
    await page.keyboard.press("Tab");
    await page.keyboard.type(text);
  }
  await page.keyboard.press("Enter");
}

async function journey(browser, scripts, width) {
  const tag = `${scripts ? "scripts" : "plain"}-${width}`;
  const phone = width === 360;
  const name = phone ? "Dr. Bartholomäus Wolfeschlegelsteinhausenbergerdorff-Nguyễn" : "Ana Ruiz";
  const email = `ana.${tag}@quietriver.example`;
  const link = invite(name, email);
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    javaScriptEnabled: scripts,
    bypassCSP: scripts, // for axe; the pages themselves have no script
    locale: phone ? "es-ES" : "en-US",
  });
  const page = await context.newPage();
  await page.goto(link);
  const recovery = await enrol(page, tag, scripts);
  await look(page, `${tag}-6-sign-in`, scripts);
  await signIn(page, email, "a wrong password", "123456");
  await page.waitForSelector("[role=alert]");
  await look(page, `${tag}-7-wrong`, scripts);
  await signIn(page, email, password, recovery);
  await page.waitForURL("**/home");
  await look(page, `${tag}-8-home`, scripts);
  const [cookie] = await context.cookies();
  expect(cookie.httpOnly && cookie.sameSite === "Lax", `${tag}: the cookie ${JSON.stringify(cookie)}`);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/inbox");
  await page.goto(new URL("/home", link).href);
  await page.locator("form[action='/sign-out'] button").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/sign-in");
  await page.goto(new URL("/inbox", link).href);
  expect(page.url().endsWith("/sign-in?next=%2Finbox"), `${tag}: after signing out ${page.url()}`);
  await page.goto(link);
  expect((await page.$("button")) === null, `${tag}: the link still works`);
  await look(page, `${tag}-9-used`, scripts);
  await context.close();
}

const flags = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking";
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [...flags.split(" "), "--disable-component-update", "--disable-sync"],
});
for (const scripts of [true, false]) {
  for (const width of [360, 1280]) await journey(browser, scripts, width);
}
await browser.close();
console.log(wrong === 0 ? "all journeys done" : `${wrong} wrong`);
process.exit(wrong === 0 ? 0 : 1);
