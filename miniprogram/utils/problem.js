/*
 * Why a request failed: the service's own words by code, or ours for what
 * the network, nginx or somebody in between said.
 * Depends on text.js.
 */

import { has, pick, t } from './text.js';

const CODES = {
    0: 'network', 400: 'request_malformed', 404: 'not_found',
    408: 'timeout', 413: 'body_size', 429: 'too_many_requests'
};

/* Not an Error: those of WeChat's older engines cannot be extended. */
export class Problem {
    /** @param {Record<string, any>} body  what the service said */
    constructor(status, body = {}, code = '') {
        this.status = status;
        this.code = code || body.code || CODES[status] || 'service_busy';
        this.errors = Array.isArray(body.errors) && body.errors.length
            ? body.errors
            : [{ code: this.code, detail: body.detail, detail_en: body.detail_en }];
        this.member = body.member;
        this.retryAfter = Number(body.retry_after) || 0;
        this.broken = false;    // by WeChat, because the member left
        this.declined = false;  // the password was asked for and not given
    }

    /* The request may or may not have been carried out. */
    get unsure() {
        return this.status === 0 || this.status >= 500;
    }
}

/* What went wrong in the program itself is told as well, never swallowed. */
export function asProblem(error) {
    if (error instanceof Problem) {
        return error;
    }

    console.error(error);

    return new Problem(0, {}, 'program');
}

export function wordsOf(error) {
    const key = `problem_${error.code}`;

    return pick(error, 'detail') || t(has(key) ? key : 'problem_service_busy');
}

export const linesOf = (problem) => problem.errors.map(wordsOf);
