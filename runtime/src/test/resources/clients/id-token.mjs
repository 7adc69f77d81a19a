// node id-token.mjs [AUDIENCE]: an OIDC token by the official client, as JSON in the file RESULT.
import { writeFileSync } from 'node:fs';
import { getIDToken } from '@actions/core';

try {
  writeFileSync(process.env.RESULT, JSON.stringify({ token: await getIDToken(process.argv[2]) }));
} catch (error) {
  writeFileSync(process.env.RESULT, JSON.stringify({ error: error.message, name: error.name }));
}
