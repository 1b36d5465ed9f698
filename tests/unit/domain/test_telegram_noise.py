"""Advertising, footers and signatures."""

import pytest

from day23.domain.telegram_noise import is_advertising, is_footer, is_link_row, without_noise


@pytest.mark.parametrize(
    "post",
    [
        "Играй сейчас!\n#реклама",
        "Реклама. ООО «Ромашка»",
        "Купи слона. erid: 2Vtzqx",
        "О рекламодателе — на сайте",
    ],
)
def test_marked_advertising_is_recognised(post: str) -> None:
    assert is_advertising(post)


@pytest.mark.parametrize(
    "post",
    ["Рынок рекламы вырос на 20%.", "Рекламодатели ушли из соцсети.", "Реклама казино запрещена в России."],
)
def test_news_about_advertising_is_no_advertising(post: str) -> None:
    assert not is_advertising(post)


@pytest.mark.parametrize(
    "line",
    [
        "❗️ Подписывайся на Mash",
        "😄— Подписаться",
        "Прислать новость",
        "Подробнее — в канале",
        "Наш канал в Max",
    ],
)
def test_footers_are_recognised(line: str) -> None:
    assert is_footer(line)


@pytest.mark.parametrize(
    "line",
    [
        "Подписание договора состоится в Москве.",
        "Президент подписал закон о штрафах за утечки данных, он вступит в силу с 1 января.",
        "Доллар упал ниже 104 рублей.",
    ],
)
def test_news_is_no_footer(line: str) -> None:
    assert not is_footer(line)


def test_a_short_line_in_three_posts_is_a_signature_even_if_unknown() -> None:
    posts = [f"Новость номер {number} о разном.\nВаш любимый Мэш" for number in range(3)]
    assert without_noise(posts) == tuple(f"Новость номер {number} о разном." for number in range(3))


def test_positions_are_kept_when_a_post_goes() -> None:
    assert without_noise(["Раз.", "Купи #реклама", "Два."]) == ("Раз.", "", "Два.")


@pytest.mark.parametrize("line", ["📹 ЭФИР | 💳 ПОДДЕРЖКА | 💬 ЧАТ", "Сайт | Новый бот"])
def test_rows_of_link_labels_are_noise(line: str) -> None:
    assert is_link_row(line)
    assert without_noise([f"Вышла вторая серия.\n{line}"]) == ("Вышла вторая серия.",)


@pytest.mark.parametrize(
    "line",
    ["Курс: 104 | 110", "Матч окончен. | Победа хозяев", "Одно слово", "Большая новость дня | Да"],
)
def test_news_with_a_bar_is_no_row_of_links(line: str) -> None:
    assert not is_link_row(line)
