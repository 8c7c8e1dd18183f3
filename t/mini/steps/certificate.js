'use strict';

/* 1.2-1 to 1.2-3, 1.2-10: home, photo and data, the file, the picture for the album. */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');

const { pdfOf } = require('../lib/pc.js');

const squeezed = (text) => text.replace(/\s+/g, '');

module.exports = async ({ assert, demo, test, wechat }) => {
    const phone = await wechat.phone();
    const { page } = phone;
    const document = () => phone.documents.at(-1);
    const opened = (n) => page.waitForTimeout(50).then(async () => {
        for (let i = 0; phone.documents.length < n && i < 100; i += 1) {
            await page.waitForTimeout(50);
        }

        assert.equal(phone.documents.length, n);
    });

    await test('S14 home has 【会员电子证书】; it opens photo and data', async () => {
        await phone.enter('330000010001');
        await phone.tap('会员电子证书');
        await phone.at('certificate');
        await phone.text('请核对以上信息').waitFor();

        const shown = await phone.top.locator('.data').evaluateAll((rows) => rows.map((row) =>
            [...row.children].map((one) => one.textContent)));

        assert.deepEqual(Object.fromEntries(shown), {
            姓名: '林晓岚', 性别: '女', 会员类别: '个人会员', 证书编号: 'F33-2019-0001',
            会员编号: '330000010001', 入会时间: '2019年6月18日', 所属注协: '浙江省注册会计师协会'
        });
        await page.waitForFunction(() => document.querySelector('page:not([hidden]) img[src^="blob:"]')?.naturalWidth === 178);
        assert.equal(await phone.dialog().count(), 0);
        await phone.shot('1.2-2-confirm', true);
    });

    await test('S16 S17 【信息确认并下载会员证】 confirms, downloads, opens with the menu', async () => {
        await phone.tap('信息确认并下载会员证');
        await opened(1);
        assert.equal(document().fileType, 'pdf');
        assert.equal(document().showMenu, true);
        assert.match(document().filePath, /^http:\/\/usr\/会员证-林晓岚\.pdf$/);
        assert.equal(document().data.subarray(0, 5).toString(), '%PDF-');
        await phone.text('会员证已下载：会员证-林晓岚.pdf').waitFor();
        await phone.shot('1.2-10-downloaded', true);
    });

    await test('S01 the certificate of the phone is the one of the PC, byte for byte', async () => {
        const pc = await pdfOf(demo.url, '330000010001');

        assert.ok(pc.equals(document().data), `${pc.length} and ${document().data.length} bytes`);
    });

    await test('I08 the file carries what the page showed', async () => {
        const path = demo.file('mini.pdf');

        fs.writeFileSync(path, document().data);

        const text = squeezed(execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' }));

        for (const value of ['林晓岚', 'F33-2019-0001', '330000010001', '浙江省注册会计师协会']) {
            assert.ok(text.includes(value), value);
        }
    });

    await test('S17 the file is opened again and forwarded under its name', async () => {
        await phone.tap('打开会员证');
        await opened(2);
        await phone.tap('转发会员证文件');
        await page.waitForTimeout(100);
        assert.equal(phone.shared[0].fileName, '会员证-林晓岚.pdf');
        assert.ok(phone.shared[0].data.equals(document().data));
    });

    await test('S17 a picture goes into the album, marked 仅供预览，以PDF为准', async () => {
        await phone.tap('保存预览图到相册');
        await phone.text('预览图已保存到相册。预览图仅供预览，以PDF为准。').waitFor();

        const [picture] = phone.album;

        assert.equal(picture.subarray(1, 4).toString(), 'PNG');
        assert.equal(picture.readUInt32BE(16), 1080);
        assert.ok(picture.length > 50000);
        assert.match(await phone.words(), /仅供预览，以PDF为准/);

        if (process.env.MEMBERCERT_SHOTS) {
            fs.writeFileSync(`${process.env.MEMBERCERT_SHOTS}/album.png`, picture);
        }
    });

    await test('I13 the same data gives the same file again', async () => {
        const first = document().data;

        await phone.back();
        await phone.tap('会员电子证书');
        await phone.at('certificate');
        await phone.text('请核对以上信息').waitFor();
        await phone.tap('信息确认并下载会员证');
        await opened(3);
        assert.ok(document().data.equals(first));
    });

    await test('I06 log out: the session ends, files and data are gone', async () => {
        await phone.back();
        await phone.at('home');

        const token = phone.sent.at(-1).header.Authorization;

        await phone.tap('退出登录');
        await phone.at('login');
        assert.match(await phone.words(), /您已退出登录/);
        assert.doesNotMatch(await page.content(), /林晓岚|330000010001/);

        const answer = await fetch(`${demo.url}/api/member`, { headers: { Authorization: token } });

        assert.equal(answer.status, 401);
        await page.reload();
        await phone.at('login');
        await phone.leave();
    });

    await test('I14 S02 a suspended member gets a plain refusal with contact, and no file', async () => {
        const other = await wechat.phone();

        await other.enter('310000010007');
        await other.tap('会员电子证书');

        const words = await other.prompted();

        assert.match(words, /会员状态为“暂停”，暂不能下载会员证，请联系 上海市注册会计师协会 会员部 021-62250338/);
        assert.match(words, /咨询电话：010-88250337\/0338/);
        await other.press('确定');
        await other.tap('信息确认并下载会员证');
        assert.match(await other.prompted(), /会员状态为“暂停”/);
        await other.press('确定');
        assert.equal(other.documents.length, 0);
        await other.leave();
    });

    await test('S06 a practising member with rare characters in the name', async () => {
        const other = await wechat.phone();

        await other.enter('530000010008', { type: '注册会计师' });
        await other.tap('会员电子证书');
        await other.text('阿依古丽·𠮷䶮').waitFor();
        await other.tap('信息确认并下载会员证');
        await other.text('会员证已下载：会员证-阿依古丽·𠮷䶮.pdf').waitFor();
        await other.leave();
    });
};
