'use strict';

/* Dark, large letters, English, a narrow phone: all there, nothing cut off. */

const NUMBER = '330000010001';
const PAGES = ['home', 'certificate', 'upload', 'profile', 'forgot', 'password', 'privacy', 'about'];

/* Elements wider than the screen. */
const tooWide = () => [...document.querySelectorAll('page:not([hidden]) *')]
    .filter((one) => !one.closest('.offscreen, .stg-stage, wx-image') && one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => `${one.tagName}.${one.className}: ${one.textContent.slice(0, 30)}`);

async function visit(phone, visitor) {
    await phone.start();
    await phone.page.waitForTimeout(300);
    await visitor('login');
    await phone.logIn(NUMBER);
    await phone.at('home');

    for (const name of PAGES) {
        if (name !== 'home') {
            await phone.page.evaluate((page) => wx.navigateTo({ url: `/pages/${page}/index` }), name);
            await phone.at(name);
        }

        await phone.page.waitForTimeout(700);

        if (await phone.dialog().count()) {
            await phone.dialog().locator('wx-button').last().click();
        }

        await visitor(name);

        if (name !== 'home') {
            await phone.page.evaluate(() => wx.navigateBack());
            await phone.at('home');
        }
    }
}

/* WCAG 2 contrast of a page's texts against what lies behind them. */
function faint() {
    const parse = (text) => (text.match(/[\d.]+/g) || []).map(Number);
    const light = ([r, g, b]) => [r, g, b].map((n) => {
        const part = n / 255;

        return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    }).reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);

    function behind(element) {
        for (let one = element; one; one = one.parentElement) {
            const { backgroundColor, backgroundImage } = getComputedStyle(one);
            const colour = parse(backgroundColor);

            if (backgroundImage !== 'none') {
                return null;
            }

            if (colour.length === 3 || colour[3] === 1) {
                return colour;
            }
        }

        return [255, 255, 255];
    }

    return [...document.querySelectorAll('page:not([hidden]) *')]
        .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
            && one.getClientRects().length && !one.closest('.stg-stage'))
        .flatMap((one) => {
            const back = behind(one);
            const style = getComputedStyle(one);

            if (!back) {
                return [];
            }

            const [a, b] = [light(parse(style.color)), light(back)].sort((x, y) => y - x);
            const ratio = (a + 0.05) / (b + 0.05);

            return ratio < 4.5 ? [`${ratio.toFixed(2)} ${style.color} ${one.textContent.trim().slice(0, 20)}`] : [];
        });
}

module.exports = async ({ assert, test, wechat }) => {
    for (const [title, options] of [
        ['as most see it', {}], ['dark', { dark: true }],
        ['320 pixels wide, largest letters', { width: 320, font: 24 }]
    ]) {
        await test(`${title}: no page is cut off, every text can be read`, async () => {
            const phone = await wechat.phone(options);
            const faults = [];

            await visit(phone, async (name) => {
                faults.push(...(await phone.page.evaluate(tooWide)).map((one) => `${name} wide: ${one}`),
                    ...(await phone.page.evaluate(faint)).map((one) => `${name} faint: ${one}`));
                await phone.shot(`look-${options.dark ? 'dark-' : options.font ? 'large-' : ''}${name}`, true);
            });
            assert.deepEqual(faults, []);
            await phone.leave();
        });
    }

    await test('I16 an English phone reads English, the manual\'s Chinese nowhere', async () => {
        const phone = await wechat.phone({ locale: 'en-US' });
        const found = [];

        await phone.start();
        await phone.page.waitForTimeout(300);
        assert.match(await phone.words(), /Forgot password\?/);
        assert.match(await phone.words(), /Example Institute of Certified Public Accountants/);
        found.push(...(await phone.words()).match(/[\u4e00-\u9fff]+/g) || []);
        await phone.shot('look-en-login');
        await phone.field('Membership number').fill(NUMBER);
        await phone.field('Password').fill('membercert-2026');

        const box = phone.top.locator('.captcha-box');

        if (await box.count()) {
            await box.getByText('Cannot read it? Let the phone prove it').click();
            await box.getByText('Proven').waitFor();
        }

        await phone.top.locator('wx-button').filter({ hasText: 'Log in' }).click();
        await phone.at('home');
        assert.match(await phone.words(), /Membership certificate/);
        await phone.shot('look-en-home');
        assert.deepEqual(found.filter((one) => !/示例|备|号/.test(one)), []);
        await phone.leave();
    });

    await test('what can be tapped says what it is to a reader of the screen', async () => {
        const phone = await wechat.phone();
        const silent = [];

        await visit(phone, async (name) => {
            silent.push(...(await phone.page.evaluate(() =>
                [...document.querySelectorAll('page:not([hidden]) [role]')]
                    .filter((one) => !['alertdialog', 'alert', 'status'].includes(one.getAttribute('role')))
                    .filter((one) => !(one.getAttribute('aria-label') || one.textContent).trim())
                    .map((one) => one.outerHTML.slice(0, 90)))).map((one) => `${name}: ${one}`));
            silent.push(...(await phone.page.evaluate(() =>
                [...document.querySelectorAll('page:not([hidden]) wx-input')]
                    .filter((one) => !one.getAttribute('aria-label'))
                    .map((one) => one.outerHTML.slice(0, 90)))).map((one) => `${name}: ${one}`));
        });
        assert.deepEqual(silent, []);
        await phone.leave();
    });
};
