'use strict';

/* 2.2-1: data, photo, confirmation and the file; who gets none. */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');

/* Presses the button and answers the file that comes. */
async function download(member) {
    const [file] = await Promise.all([
        member.page.waitForEvent('download'), member.confirmButton().click()
    ]);
    const path = await file.path();

    return {
        name: file.suggestedFilename(), bytes: fs.readFileSync(path),
        text: execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' })
    };
}

const squeezed = (text) => text.replace(/\s+/g, '');

async function shownData(page) {
    const values = await page.locator('.data dd').allInnerTexts();
    const labels = await page.locator('.data dt').allInnerTexts();

    return Object.fromEntries(labels.map((label, i) => [label, values[i]]));
}

module.exports = async ({ assert, browser, test }) => {
    const member = await browser.member();
    const { page } = member;
    let first;

    await test('S15 【基本情况】->【下载会员证】 leads to the certificate page', async () => {
        await member.enter('330000010001');
        await member.menu('基本信息').click();
        await page.getByRole('heading', { name: '基本信息', level: 1 }).waitFor();
        await member.menu('基本情况').click();
        await member.menu('下载会员证').click();
        await page.getByRole('heading', { name: '下载会员证', level: 1 }).waitFor();
        assert.equal(await member.menu('下载会员证').getAttribute('aria-current'), 'page');
    });

    await test('S18 S16 the page shows photo and data beside the button', async () => {
        const image = page.locator('.photo img');

        await image.waitFor();
        assert.deepEqual(await image.evaluate((one) => [one.naturalWidth, one.naturalHeight]),
            [178, 220]);
        assert.deepEqual(await shownData(page), {
            姓名: '林晓岚', 性别: '女', 会员类别: '个人会员', 证书编号: 'F33-2019-0001',
            会员编号: '330000010001', 入会时间: '2019年6月18日', 所属注协: '浙江省注册会计师协会'
        });
        assert.match(await member.text(), /请核对以上信息/);
        assert.equal(await member.confirmButton().innerText(), '信息确认并下载会员证');
        assert.equal(await member.dialog().count(), 0);
        await member.shot('certificate');
    });

    await test('S16 S17 one press confirms and saves the PDF on the device', async () => {
        first = await download(member);
        assert.match(first.name, /\.pdf$/);
        assert.equal(first.bytes.subarray(0, 5).toString(), '%PDF-');
        await page.locator('.confirm .notice.good').waitFor();
        assert.match(await member.text('.confirm .notice.good'), /会员证已下载/);
    });

    await test('I08 the file carries what the page showed', async () => {
        const text = squeezed(first.text);

        for (const value of ['林晓岚', '女', '个人会员', 'F33-2019-0001', '330000010001',
            '浙江省注册会计师协会']) {
            assert.ok(text.includes(value), `${value} in ${first.text}`);
        }
    });

    await test('S16 name, kind and size of the file stand under the button', async () => {
        const line = page.locator('.file');

        await page.waitForFunction(() => /PDF.*KB/.test(document.querySelector('.file').innerText));
        assert.match(await line.innerText(), /已于 \d{4}年\d+月\d+日 \d\d:\d\d 确认/);
        await member.shot('certificate-confirmed');
    });

    await test('I13 the same data gives the same certificate again', async () => {
        await page.reload();
        await member.confirmButton().waitFor();

        const again = await download(member);

        assert.ok(again.bytes.equals(first.bytes));
        assert.equal(again.name, first.name);
    });

    await member.leave();

    await test('S16 a name with rare characters is on page and certificate', async () => {
        const practising = await browser.member();

        await practising.enter('530000010008', { type: 'practising' });

        const file = await download(practising);

        assert.equal((await shownData(practising.page))['姓名'], '阿依古丽·𠮷䶮');
        assert.ok(squeezed(file.text).includes('阿依古丽·𠮷䶮'), file.text);
        await practising.leave();
    });

    await test('I14 S02 a suspended member gets a plain refusal with contact, and no file',
        async () => {
            const suspended = await browser.member();
            const files = [];

            suspended.page.on('download', (file) => files.push(file));
            await suspended.enter('310000010007');
            assert.match(await suspended.text(), /会员状态为“暂停”，暂不能下载会员证/);
            await suspended.confirmButton().click();
            await suspended.dialog().waitFor();

            const words = await suspended.text('dialog[open]');

            assert.match(words, /会员状态为“暂停”，暂不能下载会员证，请联系 上海市注册会计师协会 会员部 021-62250338/);
            assert.match(words, /咨询电话：010-88250337/);
            await suspended.shot('suspended', false);
            await suspended.pressInDialog('确定');
            assert.equal(files.length, 0);
            await suspended.leave();
        });
};

module.exports.download = download;
module.exports.squeezed = squeezed;
