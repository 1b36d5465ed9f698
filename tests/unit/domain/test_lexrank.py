"""Similarity, centrality, diversity."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from day23.domain.lexrank import centrality, diverse_order, similarity

SENTENCES = st.lists(st.lists(st.sampled_from("абвгдежзик"), max_size=8), min_size=1, max_size=25)


def test_equal_sentences_have_cosine_one_and_foreign_ones_zero() -> None:
    likeness = similarity([["а", "б"], ["б", "а"], ["в"]])
    assert likeness.tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 1]]


def test_cosine_of_half_shared_sentences_by_hand() -> None:
    # idf: "а" in both log(1 + 2/2), "б" and "в" in one log(1 + 2/1)
    shared, rare = np.log(2), np.log(3)
    expected = shared**2 / (shared**2 + rare**2)
    assert np.isclose(similarity([["а", "б"], ["а", "в"]])[0, 1], expected, atol=1e-9)


@given(SENTENCES)
def test_similarity_is_symmetric_and_within_zero_and_one(sentences: list[list[str]]) -> None:
    likeness = similarity(sentences)
    assert (likeness == likeness.T).all()
    assert ((likeness >= 0) & (likeness <= 1)).all()


@given(SENTENCES)
def test_centrality_is_finite_with_greatest_one(sentences: list[list[str]]) -> None:
    scores = centrality(similarity(sentences), [1.0] * len(sentences))
    assert np.isfinite(scores).all()
    assert scores.max() == 1


def test_the_sentence_that_others_resemble_is_most_central() -> None:
    likeness = similarity([["а", "б"], ["а", "б", "в", "г"], ["в", "г"], ["д"]])
    assert int(centrality(likeness, [1.0] * 4).argmax()) == 1


def test_the_prior_decides_between_sentences_without_likeness() -> None:
    scores = centrality(similarity([["а"], ["б"]]), [0.5, 1.0])
    assert scores[1] > scores[0]


@given(SENTENCES)
def test_chosen_sentences_never_repeat_each_other(sentences: list[list[str]]) -> None:
    likeness = similarity(sentences)
    order = list(diverse_order(centrality(likeness, [1.0] * len(sentences)), likeness))
    assert len(set(order)) == len(order)
    assert all(likeness[one, other] < 0.6 for one in order for other in order if one != other)


def test_ties_go_to_the_earlier_sentence() -> None:
    likeness = similarity([["а"], ["б"], ["в"]])
    assert list(diverse_order(np.ones(3), likeness)) == [0, 1, 2]
