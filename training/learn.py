"""The training loop: one table of vectors, in-batch negatives."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from .batches import Bags, Sampler


@dataclass(frozen=True, slots=True)
class Schedule:
    """Length and pace of training: `rate` is Adam's first learning rate, falling linearly to nothing."""

    dimensions: int = 512
    steps: int = 1500
    rate: float = 0.01
    scale: float = 20.0
    nested: tuple[int, ...] = ()
    seed: int = 7


def train(
    sampler: Sampler,
    weights: NDArray[np.float32],
    schedule: Schedule,
    report: Callable[[int, float, float], None] | None = None,
) -> NDArray[np.float32]:
    """Return `weights` (pieces × dimensions) after training on what `sampler` draws.

    `report` is called every hundred steps with the step, the mean loss since the last report and the
    seconds since the beginning.
    """
    torch.manual_seed(schedule.seed)
    table = torch.nn.Parameter(torch.from_numpy(weights.copy()))
    optimizer = torch.optim.Adam([table], lr=schedule.rate, betas=(0.9, 0.999), fused=True)
    begun, loss_sum = time.perf_counter(), 0.0
    for step in range(schedule.steps):
        for group in optimizer.param_groups:
            group["lr"] = schedule.rate * (1 - step / schedule.steps)
        batch = sampler.draw()
        left, right = embed(table, batch.left), embed(table, batch.right)
        texts = torch.from_numpy(batch.texts)
        # The same passage may answer two questions of a batch: it is no negative of either.
        same = (texts[:, None] == texts[None, :]).fill_diagonal_(False)
        loss = torch.zeros(())
        for width in (schedule.dimensions, *schedule.nested):
            scores = schedule.scale * (
                functional.normalize(left[:, :width]) @ functional.normalize(right[:, :width]).T
            )
            loss = loss + functional.cross_entropy(scores.masked_fill(same, -1e4), torch.arange(len(texts)))
        loss = loss / (1 + len(schedule.nested))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        loss_sum += float(loss.detach())
        if report is not None and (step + 1) % 100 == 0:
            report(step + 1, loss_sum / 100, time.perf_counter() - begun)
            loss_sum = 0.0
    return table.detach().numpy()


def embed(table: torch.Tensor, bags: Bags) -> torch.Tensor:
    """Return the mean vector of each bag."""
    return functional.embedding_bag(
        torch.from_numpy(bags.ids), table, torch.from_numpy(bags.offsets()), mode="mean"
    )
