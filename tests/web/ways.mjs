// SPDX-License-Identifier: Apache-2.0
// node ways.mjs MERIDIAN CONFIG PICTURES SITE PORT: people enrol, make a passkey, sign in with it, with one that was
// removed, and at an OpenID provider that runs here on PORT.
import { chromium } from "playwright-core";
import { Provider } from "oidc-provider";
import { createHmac } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [meridian, config, pictures, site, port] = process.argv.slice(2);
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

function people(...words) {
  const told = execFileSync(meridian, ["people", ...words, "--config", config, "--yes"], { encoding: "utf8" });
  return JSON.parse(told);
}

function invite(name, email) {
  return people("add", "--role", "clinic", "--clinic", "quiet-river", "--name", name, "--email", email).link;
}

// An OpenID provider at which everybody is `account`, signed in with `acr`.
let account = "u-17";
let acr = "urn:example:two-factors";
function startProvider() {
  const provider = new Provider(`http://localhost:${port}`, {
    clients: [
      {
        client_id: "meridian",
        client_secret: "a secret of the test",
        token_endpoint_auth_method: "client_secret_post",
        redirect_uris: [`${site}/sign-in/provider/back`],
        post_logout_redirect_uris: [`${site}/sign-in`],
      },
    ],
    acrValues: ["urn:example:two-factors", "urn:example:one-factor"],
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    cookies: { keys: ["a key of the test"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({ clientId: "meridian", accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope("openid");
      await grant.save();
      return grant;
    },
  });
  provider.use(async (ctx, next) => {
    if (!ctx.path.startsWith("/interaction/")) return next();
    const given = { login: { accountId: account, acr, remember: false } };
    await provider.interactionFinished(ctx.req, ctx.res, given, { mergeWithLastSubmission: false });
    ctx.respond = false;
  });
  return new Promise((done) => {
    const server = provider.listen(Number(port), "127.0.0.1", () => done(server));
  });
}

async function look(page, name) {
  const found = await page.evaluate(
    async ([source, runOnly]) => {
      new Function(source)();
      return (await window.axe.run(document, { runOnly })).violations.map((one) => one.id);
    },
    [axe, rules],
  );
  expect(found.length === 0, `${name}: ${found}`);
  await page.screenshot({ path: `${pictures}/ways-${name}.png`, fullPage: true });
}

/// A page whose browser runs our scripts alone, as our policy has it.
async function open(browser, scripts = true) {
  const context = await browser.newContext({ viewport: { width: 360, height: 800 }, javaScriptEnabled: scripts });
  return context.newPage();
}

/// With the policy off, for axe.
async function pictured(browser, page, name) {
  const state = await page.context().storageState();
  const context = await browser.newContext({
    viewport: { width: 360, height: 800 },
    bypassCSP: true,
    storageState: state,
  });
  const copy = await context.newPage();
  await copy.goto(page.url());
  await look(copy, name);
  await context.close();
}

async function enrol(page, link) {
  await page.goto(link);
  await page.click("main button");
  await page.fill("#password", password);
  await page.fill("#again", password);
  await page.click("main button");
  const key = fromBase32((await page.textContent(".key")).trim());
  await page.fill("#code", codeOf(key));
  await page.click("main button");
  return page.textContent(".codes li");
}

async function signIn(page, email, code) {
  await page.goto(`${site}/sign-in`);
  await page.fill("#email", email);
  await page.fill("#password", password);
  await page.fill("#code", code);
  await page.click("form[action='/sign-in'] button");
  await page.waitForURL("**/home");
}

async function signOut(page) {
  await page.goto(`${site}/home`);
  await page.click("form[action='/sign-out'] button");
  await page.waitForURL("**/sign-in");
}

async function withAuthenticator(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return [devtools, authenticatorId];
}

async function passkeys(browser) {
  const page = await open(browser);
  const errors = [];
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  const recovery = await enrol(page, invite("Ana Ruiz", "ana@quietriver.example"));
  const [devtools, authenticatorId] = await withAuthenticator(page);
  await signIn(page, "ana@quietriver.example", recovery);
  await page.click("a[href='/passkeys']");
  await pictured(browser, page, "1-none");
  await page.fill("#name", "my phone");
  await page.click("#passkey-make button");
  await page.waitForSelector("form[action='/passkeys/remove']");
  await pictured(browser, page, "2-one");
  const { credentials } = await devtools.send("WebAuthn.getCredentials", { authenticatorId });
  expect(credentials.length === 1 && credentials[0].rpId === "localhost", "the authenticator has the passkey");
  for (let i = 0; i < 2; ++i) {
    await signOut(page);
    await page.goto(`${site}/sign-in?next=/inbox`);
    if (i === 0) await pictured(browser, page, "3-sign-in");
    await page.click("#passkey-show button");
    await page.waitForURL((url) => url.pathname === "/inbox");  // and not /sign-in?next=/inbox
  }
  // Without verification of the user it is one factor, and the browser gives none.
  await signOut(page);
  await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
  await page.click("#passkey-show button");
  await page.waitForSelector("#passkey-show [role=alert]:not([hidden])");
  await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: true });
  await page.reload();
  await page.click("#passkey-show button");
  await page.waitForURL("**/home");
  await page.goto(`${site}/passkeys`);
  await page.click("form[action='/passkeys/remove'] button");
  await page.waitForSelector("form[action='/passkeys/remove']", { state: "detached" });
  await signOut(page);
  await page.click("#passkey-show button");
  await page.waitForSelector("main > .narrow > .alarm");
  expect(!page.url().endsWith("/home"), "a passkey that was removed signs in");
  expect(errors.every((one) => !one.includes("Content Security Policy")), `policy: ${errors}`);
  await page.context().close();
  const plain = await open(browser, false);
  await plain.goto(`${site}/sign-in`);
  expect(await plain.isHidden("#passkey-show"), "without scripts there is no button for passkeys");
  expect(await plain.isVisible("#password"), "without scripts there is the password");
  await plain.context().close();
}

async function provider(browser) {
  const link = invite("Ben Ode", "ben@quietriver.example");
  const page = await open(browser);
  await page.goto(link);
  await page.click("a[href^='/sign-in/provider']");
  await page.waitForURL("**/home");
  await pictured(browser, page, "4-home");
  await signOut(page);
  await page.goto(`${site}/sign-in?next=/inbox`);
  await page.click("a[href^='/sign-in/provider']");
  await page.waitForURL("**/inbox");
  await signOut(page);
  account = "u-18";
  await page.context().clearCookies();
  await page.goto(`${site}/sign-in/provider`);
  expect((await page.textContent(".alarm")).includes("linked"), "nobody is linked to u-18");
  people("link", "ben@quietriver.example", "--subject", "u-18");
  await page.context().clearCookies();
  await page.goto(`${site}/sign-in/provider`);
  await page.waitForURL("**/home");
  acr = "urn:example:one-factor";
  await page.context().clearCookies();
  await page.goto(`${site}/sign-in/provider`);
  expect((await page.textContent(".alarm")).includes("one factor"), "one factor is not enough");
  await page.goto(`${site}/sign-out/provider`);
  expect(page.url().startsWith(`http://localhost:${port}/session/end`), `signing out leads to ${page.url()}`);
  await page.context().close();
}

const flags = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking";
const server = await startProvider();
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [...flags.split(" "), "--disable-component-update", "--disable-sync"],
});
await passkeys(browser);
await provider(browser);
await browser.close();
server.close();
console.log(wrong === 0 ? "all ways were gone" : `${wrong} wrong`);
process.exit(wrong === 0 ? 0 : 1);
