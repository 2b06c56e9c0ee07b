// SPDX-License-Identifier: Apache-2.0
// Lets the browser make or show a passkey, and sends what it says as an ordinary form. Without this
// script the forms stay hidden, and people sign in with password and code.
"use strict";
(function () {
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (c) { return c.charCodeAt(0); });
  }
  function text(buffer) {
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer || new ArrayBuffer(0)));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  /// On submit asks the browser, fills the fields with what it gave, and submits.
  function wire(form, ask, fields) {
    if (!form) return;
    form.hidden = false;
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      var button = form.querySelector("button");
      button.disabled = true;
      ask(form.dataset).then(function (credential) {
        var given = fields(credential);
        Object.keys(given).forEach(function (name) {
          form.elements.namedItem(name).value = text(given[name]);
        });
        form.submit();
      }).catch(function () {
        button.disabled = false;
        form.querySelector("[role=alert]").hidden = false;
      });
    });
  }

  wire(document.getElementById("passkey-show"), function (data) {
    return navigator.credentials.get({publicKey: {
      challenge: bytes(data.challenge), userVerification: "required", timeout: 240000
    }});
  }, function (shown) {
    return {
      id: shown.rawId, user: shown.response.userHandle, client: shown.response.clientDataJSON,
      authenticator: shown.response.authenticatorData, signature: shown.response.signature
    };
  });

  wire(document.getElementById("passkey-make"), function (data) {
    var known = data.known ? data.known.split(" ") : [];
    return navigator.credentials.create({publicKey: {
      challenge: bytes(data.challenge),
      rp: {id: data.site, name: "Meridian"},
      user: {id: bytes(data.user), name: data.name, displayName: data.name},
      pubKeyCredParams: [{type: "public-key", alg: -7}, {type: "public-key", alg: -257}],
      authenticatorSelection: {residentKey: "required", userVerification: "required"},
      excludeCredentials: known.map(function (id) { return {type: "public-key", id: bytes(id)}; }),
      attestation: "none", timeout: 240000
    }});
  }, function (made) {
    return {client: made.response.clientDataJSON, attestation: made.response.attestationObject};
  });
})();
