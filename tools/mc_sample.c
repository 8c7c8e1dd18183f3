/*
 * Sample settings, certificate, photo and names.
 *
 * Depends on domain, document and the portrait generator.  Tools and tests
 * only.
 */

#include "mc_sample.h"

#include "mc_portrait.h"


#define FONTS  "/usr/share/fonts/truetype/"

#define both(zh, en)  { { zh, sizeof(zh) - 1 }, { en, sizeof(en) - 1 } }


const char *const mc_sample_names[] = {
    /* two to four characters, the common case */
    "王伟", "李娜", "张敏", "刘洋", "陈静", "杨磊", "赵秀英", "黄建国",
    "周志强", "吴桂兰", "徐丽华", "孙晓明", "胡雪梅", "朱文博", "高玉珍",
    "林佳怡", "何俊杰", "郭子轩", "马思远", "罗雨桐", "欧阳明月",
    "司马文静", "上官婉儿", "诸葛文韬", "令狐若水",

    /* characters that libharu 2.3.0 lost parts of */
    "程浩垚", "注册",

    /* look-alikes */
    "王已", "王己", "李末", "李未", "张土", "张士", "陈日", "陈曰",

    /* rare: Extension A, B and C, late additions to the first plane */
    "䶮", "㛃", "𠮷", "𫍯", "王䶮", "李㛃", "𠮷野", "张𫍯", "𠮷𫍯䶮·阿㛃",
    "龑", "李喆", "赵堃", "𣲘𠮷",

    /* from the second, third and fourth font of the chain, and from all */
    "㣎", "㔲", "𠀮", "李𬳕", "王㔲𠀮𬘧",

    /* names of several parts */
    "古丽米热·艾合买提", "阿卜杜热合曼·玉素甫", "迪丽热巴·迪力木拉提",
    "次仁多吉", "纳兰·巴图尔", "买买提·吐尔逊",

    /* Latin letters */
    "Li Xiaoming", "John A. Smith", "王Alex",

    /* forty characters */
    "买买提江·阿卜杜热西提·吐尔逊江·玉素甫艾力·艾合买提江·库尔班江·热"
    "合曼江·赛",

    /* one word that no blank breaks */
    "Wolfeschlegelsteinhausenbergerdorff"
};

const size_t mc_sample_name_count = mc_count(mc_sample_names);


static mc_str_t  fonts[] = {
    { FONTS "lxgw-wenkai/LXGWWenKai-Regular.ttf",
      sizeof(FONTS "lxgw-wenkai/LXGWWenKai-Regular.ttf") - 1 },
    { FONTS "babelstone/BabelStoneHan.ttf",
      sizeof(FONTS "babelstone/BabelStoneHan.ttf") - 1 },
    { FONTS "cns11643/TW-Sung-98_1.ttf",
      sizeof(FONTS "cns11643/TW-Sung-98_1.ttf") - 1 },
    { FONTS "cns11643/TW-Sung-Ext-B-98_1.ttf",
      sizeof(FONTS "cns11643/TW-Sung-Ext-B-98_1.ttf") - 1 }
};


void
mc_sample_settings(mc_settings_t *settings)
{
    memset(settings, 0, sizeof(*settings));
    memcpy(settings->fonts, fonts, sizeof(fonts));
    settings->font_count = mc_count(fonts);
    settings->timezone = 8 * 60;
}


void
mc_sample_certificate(mc_certificate_t *certificate, mc_str_t name)
{
    static const mc_certificate_t  sample = {
        .values = {
            [MC_CERT_NAME] = both("", ""),
            [MC_CERT_SEX] = both("女", "Female"),
            [MC_CERT_CATEGORY] = both("非执业会员", "Non-practising member"),
            [MC_CERT_CERTIFICATE_NO] = both("330100260417", ""),
            [MC_CERT_MEMBER_NO] = both("330112003456", ""),
            [MC_CERT_ADMITTED_ON] = both("2016-04-25", ""),
            [MC_CERT_INSTITUTE] = both("浙江省注册会计师协会",
                "Zhejiang Institute of Certified Public Accountants")
        },
        .issuer = both("示例注册会计师协会",
                       "Sample Institute of Certified Public Accountants"),
        .has_photo = true,
        .serial = 1024,
        .confirmed_at = INT64_C(1795406400000)      /* 2026-11-23 noon */
    };

    *certificate = sample;
    certificate->values[MC_CERT_NAME].zh = name;
    certificate->code = mc_str("AAECAwQFBgcICQ");
}


mc_err_t
mc_sample_photo(mc_buf_t *out)
{
    static const mc_portrait_options_t  options = {
        .sex = MC_PORTRAIT_WOMAN, .max = 15000
    };

    return mc_portrait_draw(12, 1, &options, out);
}
