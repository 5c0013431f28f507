// What `npm test` runs: set-up with types, lint (with the arrows between folders), format, unit and integration tests.
// Arguments go to vitest: `npm test -- --project unit`. The last line counts everything: `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setup } from './setup.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const counts = { passed: 0, failed: 0, skipped: 0 };

// Ends the process where the types are wrong or an install fails.
await setup();
counts.passed += 1;
console.log('types: passed');

check('lint', ['oxlint', '--type-aware']);
check('format', ['oxfmt', '--check', '.']);

const results = join(root, '.segmenta', 'cache', 'vitest.json');
mkdirSync(join(root, '.segmenta', 'cache'), { recursive: true });
rmSync(results, { force: true });
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
const vitest = tool(['vitest', 'run', ...reporters, ...process.argv.slice(2)]);
if (existsSync(results)) {
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(results, 'utf8'));
  // A file that fails outside its tests has no failed test of its own.
  const brokenFiles = testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  counts.passed += numPassedTests;
  counts.failed += numFailedTests + brokenFiles;
  counts.skipped += numPendingTests;
}
// Whatever vitest did not count, such as servers that did not start, is a failure all the same.
if (vitest !== 0 && counts.failed === 0) counts.failed += 1;

const skipped = counts.skipped === 0 ? '' : `, ${counts.skipped} skipped`;
console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
process.exitCode = counts.failed === 0 ? 0 : 1;

function check(name, command) {
  const passed = tool(command) === 0;
  counts[passed ? 'passed' : 'failed'] += 1;
  console.log(`${name}: ${passed ? 'passed' : 'failed'}`);
}

function tool([name, ...args]) {
  const { status } = spawnSync(join(root, 'node_modules', '.bin', name), args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return status ?? 1;
}
