"""Chinese numerals, everyday (三十二万) and capital (叁拾贰万), read as exact whole numbers."""

import re

from cn2an import cn2an

NUMERAL = "零一二三四五六七八九十两百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
"""Every character of which a Chinese numeral may be made, once `plain` has read the text."""

_EVERYDAY = str.maketrans("两壹贰叁肆伍陆柒捌玖拾佰仟", "二一二三四五六七八九十百千")
_DIGITS = str.maketrans("零一二三四五六七八九", "0123456789")
_OPTIONAL_ZERO = re.compile("(?<=万)零(?=[一二三四五六七八九]千)")
_TEN_WITHOUT_ONE = re.compile("(?<=[百零])十")


def read_numeral(text: str) -> int:
    """The number that a Chinese numeral stands for; `ValueError` for anything else, as for 三万五, said for 35,000."""
    everyday = text.translate(_EVERYDAY)
    everyday = _OPTIONAL_ZERO.sub("", everyday)
    everyday = _TEN_WITHOUT_ONE.sub("一十", everyday)
    return int(cn2an(everyday, "strict"))


def read_spelt_digits(text: str) -> int:
    """A number spelt digit by digit, as years are: 二零二六."""
    return int(text.translate(_DIGITS))
