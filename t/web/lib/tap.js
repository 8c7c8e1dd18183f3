'use strict';

/*
 * Test Anything Protocol for steps that are async functions: one line a
 * test, what went wrong below it.  Used by t/web/*.t under prove.
 */

let count = 0;
let failed = 0;

function comment(text) {
    for (const line of String(text).split('\n')) {
        console.log(`# ${line}`);
    }
}

async function test(title, body) {
    count += 1;

    try {
        await body();
        console.log(`ok ${count} - ${title}`);
    } catch (error) {
        failed += 1;
        console.log(`not ok ${count} - ${title}`);
        console.error(`# ${title}`);     // prove shows this without -v
        console.error(String(error.stack || error).replace(/^/gm, '# '));
    }
}

/* The plan stands at the end; the exit code says whether all held. */
function done() {
    console.log(`1..${count}`);
    process.exitCode = failed ? 1 : 0;
}

/* Nothing can be tested: a skip, or a failure where skips are not wanted. */
function skipAll(reason) {
    if (process.env.MEMBERCERT_NO_SKIP === '1') {
        console.log(`1..1\nnot ok 1 - ${reason}`);
        process.exit(1);
    }

    console.log(`1..0 # SKIP ${reason}`);
    process.exit(0);
}

module.exports = { comment, done, skipAll, test };
