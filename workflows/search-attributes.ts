import { defineSearchAttributeKey } from '@temporalio/common';

// Ours are keywords: ISO dates compare and range as text.
export const dagKey = defineSearchAttributeKey('Dag', 'KEYWORD');
export const fechaKey = defineSearchAttributeKey('FechaModelo', 'KEYWORD');
export const runKindKey = defineSearchAttributeKey('RunKind', 'KEYWORD');
export const backfillKey = defineSearchAttributeKey('BackfillId', 'KEYWORD');
export const failedTaskKey = defineSearchAttributeKey('FailedTask', 'KEYWORD');

/** Set by the server on what a schedule starts. */
export const scheduledKey = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME');
