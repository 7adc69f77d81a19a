// node caches.mjs COMMAND PATH KEY … : what the official client does, its result as JSON in the file RESULT.
import { writeFileSync } from 'node:fs';
import { restoreCache, saveCache } from '@actions/cache';

const [command, path, key, ...more] = process.argv.slice(2);
const commands = {
  save: async () => ({ id: await saveCache([path], key) }),
  restore: async () => ({ key: (await restoreCache([path], key, more)) ?? '' }),
};
try {
  writeFileSync(process.env.RESULT, JSON.stringify(await commands[command]()));
} catch (error) {
  writeFileSync(process.env.RESULT, JSON.stringify({ error: error.message, name: error.name }));
}
