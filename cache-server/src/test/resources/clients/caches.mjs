// node caches.mjs COMMAND PATH KEY … : what the official client does; prints its result as the last line.
import { restoreCache, saveCache } from '@actions/cache';

const [command, path, key, ...more] = process.argv.slice(2);
const result =
  command === 'save' ? await saveCache([path], key) : (await restoreCache([path], key, more)) ?? 'nothing';
console.log(`result: ${result}`);
