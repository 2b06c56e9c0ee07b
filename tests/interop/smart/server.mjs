// SPDX-License-Identifier: Apache-2.0
// oidc-provider as the token server of a FHIR server. It fetches our public keys from JWKS files
// that the test writes into the work folder, and so verifies what we sign by what we publish.
// usage: node server.mjs WORKDIR
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import Provider from 'oidc-provider';

const work = process.argv[2];
const server = http.createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const origin = `http://127.0.0.1:${server.address().port}`;

const client = (algorithm) => ({
  client_id: `meridian-${algorithm}`,
  grant_types: ['client_credentials'],
  response_types: [],
  redirect_uris: [],
  token_endpoint_auth_method: 'private_key_jwt',
  token_endpoint_auth_signing_alg: algorithm,
  jwks_uri: `${origin}/jwks/${algorithm}`,
  scope: 'system/Patient.rs system/Task.cu',
});

const provider = new Provider(origin, {
  clients: [client('RS384'), client('ES384')],
  scopes: ['system/Patient.rs', 'system/Task.cu'],
  features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
  enabledJWA: { clientAuthSigningAlgValues: ['RS384', 'ES384'] },
  clientAuthMethods: ['private_key_jwt'],
  ttl: { ClientCredentials: 300 },
});

const handle = provider.callback();
const send = (response, status, body) => {
  response.writeHead(status, { 'content-type': 'application/fhir+json' });
  response.end(JSON.stringify(body));
};

const interactions = [{ code: 'read' }, { code: 'search-type' }];
const capabilities = {
  resourceType: 'CapabilityStatement',
  fhirVersion: '4.0.1',
  rest: [{ mode: 'server', resource: [{ type: 'Patient', interaction: interactions }] }],
};

async function fhir(request, response) {
  if (request.url === '/fhir/metadata') return send(response, 200, capabilities);
  if (request.url === '/fhir/.well-known/smart-configuration') {
    return send(response, 200, {
      token_endpoint: `${origin}/token`,
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ['RS384', 'ES384'],
    });
  }
  const value = (request.headers.authorization ?? '').replace(/^Bearer /, '');
  const token = value ? await provider.ClientCredentials.find(value) : undefined;
  if (!token?.scope?.includes('system/Patient.rs')) {
    const issue = [{ severity: 'error', code: 'login' }];
    return send(response, 401, { resourceType: 'OperationOutcome', issue });
  }
  return send(response, 200, { resourceType: 'Patient', id: '1' });
}

server.on('request', (request, response) => {
  const jwks = /^\/jwks\/(RS384|ES384)$/.exec(request.url);
  if (jwks) {
    response.writeHead(200, { 'content-type': 'application/jwk-set+json' });
    response.end(fs.readFileSync(path.join(work, `jwks-${jwks[1]}.json`)));
  } else if (request.url.startsWith('/fhir/')) {
    fhir(request, response);
  } else {
    handle(request, response);
  }
});

fs.writeFileSync(path.join(work, 'address.draft'), `${origin}/fhir\n`);
fs.renameSync(path.join(work, 'address.draft'), path.join(work, 'address'));
