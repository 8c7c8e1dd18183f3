'use strict';

/* The desk's member page: search, correction, tries, photo, certificate. */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');

const { Desk, totp } = require('../lib/desk.js');
const { file, withDensity } = require('../lib/pictures.js');

const HERE = ['--institute', '33'];
const NUMBER = '330000091001';
const PEOPLE = [[NUMBER, '欧阳思齐', '33', ''], ['330000091002', '欧阳明远', '33', '2020-02-02'],
    ['310000091003', '欧阳海', '31', '2020-02-03'], ['330000092001', '陆景行', '33', '2021-03-01'],
    ['330000092002', '周知远', '33', '2021-03-02'], ['330000092003', '林予安', '33', '2021-03-03']];

const overflow = (page) => page.evaluate(() =>
    document.documentElement.scrollWidth - document.documentElement.clientWidth);

module.exports = async ({ assert, browser, demo, test }) => {
    const desk = new Desk(demo, browser);

    desk.officers = 50;
    desk.people(PEOPLE);

    const officer = await desk.enter(HERE);
    const { page } = officer;

    async function find(text) {
        await page.goto(`${demo.url}/officer/#/search`);
        await page.getByLabel('会员编号或姓名').fill(text);
        await page.locator('.result').evaluate((result) => result.replaceChildren());
        await page.keyboard.press('Enter');
        await page.locator('.result [role=status], .result .notice').first().waitFor();
    }

    const found = () => page.locator('.row-link').allInnerTexts();
    const open = async (name) => {
        await page.locator('.row-link', { hasText: name }).click();
        await page.locator('.member-grid').waitFor();
    };
    const value = (label) => page.locator('.data-card .pair', { hasText: label }).locator('dd').innerText();

    await test('X08 I11 search finds members of the own institute by name or number, no others',
        async () => {
            await find('欧阳');
            assert.deepEqual(await found(), ['欧阳思齐', '欧阳明远']);
            await officer.shot('desk-search', false);
            await find('33000009100');
            assert.deepEqual(await found(), ['欧阳思齐', '欧阳明远']);
            await find('310000091003');
            assert.match(await officer.text('.result'), /没有找到/);
            await find('3');
            assert.match(await officer.text('.result .notice'), /010-88250337/);
            assert.doesNotMatch(page.url(), /欧阳|0000/);
        });

    await test('I11 another institute\'s member is not found, whatever is asked', async () => {
        const answers = await page.evaluate(async ([theirs, none]) => Promise.all(
            ['member', 'member/reset', 'member/certificate'].flatMap((route) => [theirs, none]
                .map(async (number) => {
                    const answer = await fetch(`/officer/api/${route}`, {
                        method: 'POST', headers: { 'Content-Type': 'application/json' },
                        body: JSON.stringify({ user_type: 'nonpractising', member_no: number })
                    });

                    return [answer.status, (await answer.json()).code];
                }))), ['310000091003', '310000099999']);

        assert.deepEqual(answers, Array(6).fill([404, 'not_found']));
    });

    await test('S38 I11 the member page says what is missing; the institute corrects its fields only',
        async () => {
            await find(NUMBER);
            await open('欧阳思齐');
            assert.match(await officer.text('.blockers'), /必填信息未填写：入会时间[^]*没有查询到照片信息/);
            assert.match(await value('入会时间'), /未填写/);
            await officer.shot('desk-member');
            await page.getByRole('button', { name: '更正' }).click();
            assert.equal(await page.locator('.data-card input[name=admitted_on]').count(), 1);
            assert.equal(await page.locator('.data-card input[name=phone]').count(), 0);
            await page.locator('input[name=admitted_on]').fill('2018-05-06');

            const [request] = await Promise.all([
                page.waitForRequest((one) => one.url().endsWith('/member/save')),
                page.getByRole('button', { name: '保存', exact: true }).click()
            ]);

            assert.deepEqual(request.postDataJSON().values, { admitted_on: '2018-05-06' });
            await page.locator('.said .notice.good').waitFor();
            assert.match(await value('入会时间'), /2018年5月6日/);
        });

    await test('S38 somebody else saved in between: both values are shown, nothing is lost', async () => {
        await page.getByRole('button', { name: '更正' }).click();
        await page.locator('input[name=category]').fill('资深会员');

        const other = await desk.enter(HERE);
        const status = await other.page.evaluate(async (who) => {
            const call = (route, more, headers) => fetch(`/officer/api/${route}`, {
                method: 'POST', headers: { 'Content-Type': 'application/json', ...headers },
                body: JSON.stringify({ ...who, ...more })
            });
            const { revision } = await (await call('member', {})).json();

            return (await call('member/save', { values: { category: '名誉会员' } },
                { 'If-Match': `"${revision}"` })).status;
        }, { user_type: 'nonpractising', member_no: NUMBER });

        await other.leave();
        assert.equal(status, 200);
        await page.getByRole('button', { name: '保存', exact: true }).click();
        await page.locator('.summary .notice.warn').waitFor();
        assert.match(await officer.text('.data-card'), /信息已被修改[^]*现在保存的是“名誉会员”/);
        assert.equal(await page.locator('input[name=category]').inputValue(), '资深会员');
        await page.getByRole('button', { name: '保存', exact: true }).click();
        await page.locator('.said .notice.good').waitFor();
        assert.equal(await value('会员类别'), '资深会员');
    });

    await test('X08 a verified photo: every fault at once, then it is the member\'s', async () => {
        const dialog = officer.dialog();
        const send = () => dialog.getByRole('button', { name: '上传照片' }).click();
        const good = demo.portrait(73);

        await page.locator('#put').click();
        await send();
        assert.match(await officer.text('dialog .said'), /请先选择照片文件/);
        await dialog.locator('[type=file]')
            .setInputFiles(file('photo.jpg', 'image/jpeg', withDensity(good, 72)));
        await send();
        assert.match(await officer.text('dialog .said'), /请先确认已核对本人及证件/);
        await dialog.getByLabel('已当面核对本人及有效身份证件').check();
        await send();
        await dialog.locator('[data-rule=dpi].broken').waitFor();
        await officer.shot('desk-put', false);
        await dialog.locator('[type=file]').setInputFiles(file('photo.jpg', 'image/jpeg', good));
        await send();
        await page.waitForFunction(() => !document.querySelector('dialog[open]'));
        assert.match(await officer.text('.said'), /照片已保存/);
        await page.locator('.photo.filled img').first().waitFor();
        assert.equal(await page.locator('.blockers').count(), 0);
    });

    await test('X08 I11 confirmed for the member at the counter, the certificate is downloaded', async () => {
        await page.getByRole('button', { name: '代会员确认并下载' }).click();
        assert.match(await officer.text('dialog[open]'), /会员到场、核对会员证信息无误/);

        const [download] = await Promise.all([
            page.waitForEvent('download'), officer.pressInDialog('代会员确认')
        ]);
        const path = await download.path();

        assert.equal(fs.readFileSync(path).subarray(0, 5).toString(), '%PDF-');
        assert.match(execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' })
            .replace(/\s/g, ''), /欧阳思齐/);
        assert.match(await officer.text('.member-grid'), /已于 .* 确认/);
        assert.equal(await page.locator('#certificate').innerText(), '下载会员证');
    });

    await test('X01 I11 after rejections the tries are reset; the upload waits beside the reference',
        async () => {
            demo.ctl('photo', 'reject', String(await desk.upload(NUMBER, demo.portrait(71))),
                '--reason', '照片与本人不符');
            await find(NUMBER);
            await open('欧阳思齐');
            assert.match(await officer.text('.tries'), /1 次，共 5 次机会/);
            assert.match(await officer.text('.past-table'), /未通过/);
            await page.locator('#reset').click();
            await officer.pressInDialog('重置上传次数');
            await page.locator('.said .notice.good').waitFor();
            assert.match(await officer.text('.tries'), /0 次，共 5 次机会/);

            for (const [i, [number]] of PEOPLE.slice(3).entries()) {
                await desk.upload(number, demo.portrait(81 + 2 * i));
            }

            const id = await desk.upload(NUMBER, desk.portrait(73, 2));

            await find(NUMBER);
            await open('欧阳思齐');
            await page.getByRole('button', { name: '核验照片' }).click();
            await page.locator('.face-other .filled img').waitFor();
            await desk.ready(officer);
            assert.equal(await page.locator('.queue-item[aria-current]').getAttribute('data-photo'), String(id));
            assert.match(await officer.text('.face-other'), /现用照片|留存照片/);
            await officer.shot('desk', false);
        });

    await test('I11 every action stands in the audit', () => {
        assert.match(desk.ctl('', 'audit', 'verify'), /./);
    });

    for (const [locale, width] of [['zh-CN', 320], ['en-US', 390], ['zh-CN', 820]]) {
        await test(`I11 the desk is no wider than a screen of ${width} pixels (${locale})`, async () => {
            const small = await browser.member({ width, height: 800, locale });
            const where = small.page;
            const account = desk.officer(...HERE);

            await where.goto(`${demo.url}/officer/`);
            await where.locator('[name=name]').waitFor();
            assert.equal(await overflow(where), 0, 'login');
            await where.locator('[name=name]').fill(account.name);
            await where.locator('[name=password]').fill('membercert-2026');
            await where.locator('[name=code]').fill(totp(account.secret));
            await where.keyboard.press('Enter');
            await desk.ready(small);
            assert.equal(await overflow(where), 0, 'queue');
            await small.shot(`desk-${width}-queue`);
            await where.locator('.button.reject').click();
            assert.equal(await overflow(where), 0, 'reasons');
            await where.locator('.reasons-head .plain').click();
            await where.locator('.case-head .plain').click();
            await where.locator('.member-grid').waitFor();
            assert.equal(await overflow(where), 0, 'member');
            await small.shot(`desk-${width}-member`);
            await where.locator('#correct').click();
            assert.equal(await overflow(where), 0, 'correction');
            await where.goto(`${demo.url}/officer/#/search`);
            await where.locator('[name=text]').fill('33');
            await where.keyboard.press('Enter');
            await where.locator('.found').waitFor();
            assert.equal(await overflow(where), 0, 'search');
            await small.leave();
        });
    }

    await test('I16 I11 the desk\'s dictionaries have the same keys and places', async () => {
        const [zh, en] = await page.evaluate(async () => {
            const all = await Promise.all(['zh', 'en'].map((one) =>
                import(`/officer/js/text-${one}.js`)));

            return all.map((one) => one.default);
        });
        const places = (text) => (text.match(/\{\w+\}/g) || []).sort().join();

        assert.deepEqual(Object.keys(en), Object.keys(zh));

        for (const key of Object.keys(zh)) {
            assert.equal(places(en[key]), places(zh[key]), key);
        }

        await officer.leave();
    });
};
