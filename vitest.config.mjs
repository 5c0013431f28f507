import { defineConfig } from 'vitest/config';

// The tests run as built by tsc: worker threads and the workflow bundle need real JavaScript files.
export default defineConfig({
  test: {
    projects: [
      // Milliseconds each, but on a busy machine: the limit is for what hangs.
      { test: { name: 'unit', include: ['dist/test/unit/**/*.test.js'], testTimeout: 60_000 } },
      {
        test: {
          name: 'integration',
          include: ['dist/test/integration/**/*.test.js'],
          globalSetup: ['dist/test/integration/servers.js'],
          env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
