/*
 * The document's fixed words.  A table of UTF-8 text and nothing else.
 *
 * Depends on base.  Constant; any thread.
 */

#include "mc_wording.h"


#define text(s)  { s, sizeof(s) - 1 }


const mc_wording_t mc_wording = {
    .document      = text("会员证书 Membership Certificate"),
    .national      = text("全国协会印章处"),
    .national_en   = text("NATIONAL SEAL PLACE"),
    .regional      = text("地方协会印章处"),
    .regional_en   = text("REGIONAL SEAL PLACE"),
    .seal          = text("印"),
    .serial        = text("确认序号"),
    .serial_en     = text("Serial No."),
    .issued        = text("发证日期"),
    .issued_en     = text("Date of issue"),

    .code          = text("核验码"),
    .code_en       = text("Check code"),
    .issuer        = text("发证单位"),
    .issuer_en     = text("Issued by"),

    .member        = text("会员"),
    .member_open   = text("会员（"),
    .member_close  = text("）"),
    .institute_en  = text("this institute"),

    .year          = text("年"),
    .month         = text("月"),
    .day           = text("日"),
    .none          = text("—"),
    .months_en     = {
        text("January"), text("February"), text("March"), text("April"),
        text("May"), text("June"), text("July"), text("August"),
        text("September"), text("October"), text("November"),
        text("December")
    },
    .spare         = text("·男女非执业注册会计师省市协中国")
};
