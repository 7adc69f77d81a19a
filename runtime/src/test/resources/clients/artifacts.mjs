// node artifacts.mjs COMMAND … : what the official client does, its result as JSON in the file RESULT.
import { writeFileSync } from 'node:fs';
import { DefaultArtifactClient } from '@actions/artifact';

const client = new DefaultArtifactClient();
const [command, ...rest] = process.argv.slice(2);
const commands = {
  upload: (name, root, ...files) => client.uploadArtifact(name, files, root, { retentionDays: 3 }),
  'upload-raw': (root, file) => client.uploadArtifact('ignored', [file], root, { skipArchive: true }),
  list: () => client.listArtifacts({ latest: true }),
  get: (name) => client.getArtifact(name),
  download: async (name, path) => {
    const { artifact } = await client.getArtifact(name);
    return client.downloadArtifact(artifact.id, { path, expectedHash: artifact.digest });
  },
  delete: (name) => client.deleteArtifact(name),
};
try {
  writeFileSync(process.env.RESULT, JSON.stringify(await commands[command](...rest)));
} catch (error) {
  writeFileSync(process.env.RESULT, JSON.stringify({ error: error.message, name: error.name }));
}
