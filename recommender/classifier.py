"""Which field of study do answers lean to: a multinomial logistic regression that can leave its prior out.

Only training needs this module; what it learned is used without scikit-learn (`recommender.direction`).
"""

# ruff: noqa: N803 (X and C are scikit-learn's names)

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import log_softmax, softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

Floats = NDArray[np.float64]


class DirectionClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # untyped in scikit-learn
    """Follows scikit-learn's conventions; features are (n, p), classes k.

    `C` is the inverse strength of the L2 penalty on the standardised features, `tol` and `max_iter` belong to
    the solver. Fitted: `classes_` (k,), `n_features_in_`, `mean_` (p,), `coef_` (k, p) for one unit of a
    feature as given, `intercept_` (k,) for somebody whose every feature is at the mean,
    `class_log_prior_` (k,).
    """

    def __init__(self, C: float = 1.0, tol: float = 1e-5, max_iter: int = 1000) -> None:
        self.C = C
        self.tol = tol
        self.max_iter = max_iter

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Learn from features (n, p) and labels (n,). Raises ValueError for fewer than two classes."""
        features, y = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(y)
        self.classes_, counts = np.unique(y, return_counts=True)
        if len(self.classes_) < 2:
            raise ValueError("A classifier needs at least two classes, the labels have only one class.")
        self.mean_ = features.mean(axis=0)
        spread = features.std(axis=0)
        spread[spread == 0] = 1.0
        learned = LogisticRegression(C=self.C, tol=self.tol, max_iter=self.max_iter)
        learned.fit((features - self.mean_) / spread, y)
        coef, intercept = learned.coef_, learned.intercept_
        if len(self.classes_) == 2:
            # One row of odds becomes two rows whose softmax gives the same probabilities.
            coef, intercept = np.vstack([-coef, coef]) / 2, np.hstack([-intercept, intercept]) / 2
        self.coef_ = coef / spread
        self.intercept_ = intercept
        self.class_log_prior_ = np.log(counts / counts.sum())
        self.n_iter_ = int(np.max(learned.n_iter_))
        return self

    def decision_function(self, X: ArrayLike) -> Floats:
        """Log odds up to a constant of the row, (n, k); with two classes (n,), those of the second one."""
        logits = self._logits(X)
        return logits[:, 1] - logits[:, 0] if len(self.classes_) == 2 else logits

    def predict_proba(self, X: ArrayLike) -> Floats:
        """P(class | x), the prior in it, (n, k)."""
        probabilities: Floats = softmax(self._logits(X), axis=1)
        return probabilities

    def predict_log_proba(self, X: ArrayLike) -> Floats:
        """log P(class | x), (n, k)."""
        probabilities: Floats = log_softmax(self._logits(X), axis=1)
        return probabilities

    def log_likelihood_ratio(self, X: ArrayLike) -> Floats:
        """log P(class | x) - log P(class), which is log P(x | class) / P(x), (n, k): how far the answers
        alone speak for a class, however many people choose it."""
        ratio: Floats = self.predict_log_proba(X) - self.class_log_prior_
        return ratio

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """The most probable class of each row, (n,)."""
        logits = self._logits(X)
        best: NDArray[Any] = self.classes_[np.argmax(logits, axis=1)]
        return best

    def _logits(self, X: ArrayLike) -> Floats:
        check_is_fitted(self)
        features = validate_data(self, X, dtype=np.float64, reset=False)
        logits: Floats = self.intercept_ + (features - self.mean_) @ self.coef_.T
        return logits
