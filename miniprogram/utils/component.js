/*
 * What every component shares: the words of the language.
 * Depends on text.js.
 */

import { words } from './text.js';

/**
 * "groups" are those of the dictionary; the rest is what Component() takes.
 *
 * @typedef {{ groups?: string[], data?: Record<string, any>, [part: string]: any }} Parts
 * @param {Parts & ThisType<any>} parts
 */
export function makeComponent({ groups = [], data = {}, ...rest }) {
    Component({ ...rest, data: { t: words(...groups), ...data } });
}
