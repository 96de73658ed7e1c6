"""The training loop: one table of vectors, in-batch negatives."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from .batches import Bags, Batch, Ragged, Sampler


@dataclass(frozen=True, slots=True)
class Schedule:
    """Length and pace of training: `rate` is Adam's first learning rate, falling linearly to nothing."""

    dimensions: int = 320
    steps: int = 800
    rate: float = 0.01
    scale: float = 20.0
    mine_at: tuple[float, ...] = ()


def train(
    sampler: Sampler,
    weights: NDArray[np.float32],
    schedule: Schedule,
    parts: Ragged | None = None,
    report: Callable[[int, float], None] | None = None,
) -> NDArray[np.float32]:
    """Return `weights` (pieces × dimensions) after training on what `sampler` draws.

    `report` is called every hundred steps with the step and the mean loss since the last report.
    """
    torch.set_num_threads(1)  # tables are trained side by side; threads that wait for each other cost more
    torch.set_float32_matmul_precision("medium")  # products of 16 bits: a third of the time, the same loss
    table = torch.nn.Parameter(torch.from_numpy(weights.copy()))
    learnt = [table]
    if parts is not None:
        shared = torch.nn.Parameter(torch.zeros_like(table))
        learnt.append(shared)
        part_ids, part_starts = torch.from_numpy(parts.ids.astype(np.int64)), torch.from_numpy(parts.starts)

    def whole() -> torch.Tensor:
        if parts is None:
            return table
        return table + functional.embedding_bag(part_ids, shared, part_starts, mode="mean")

    optimizer = torch.optim.Adam(learnt, lr=schedule.rate, betas=(0.9, 0.999), fused=True)
    mining = {round(part * schedule.steps) for part in schedule.mine_at}
    loss_sum = 0.0
    for step in range(schedule.steps):
        for group in optimizer.param_groups:
            group["lr"] = schedule.rate * (1 - step / schedule.steps)
        if step in mining:
            sampler.mine(whole().detach().numpy())
        batch = sampler.draw()
        current = whole()
        left, right = embed(current, batch.left), embed(current, batch.right)
        scores = schedule.scale * functional.normalize(left) @ functional.normalize(right).T
        loss = functional.cross_entropy(
            scores.masked_fill(false_negatives(batch), -1e4), torch.arange(len(left))
        )
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        loss_sum += float(loss.detach())
        if report is not None and (step + 1) % 100 == 0:
            report(step + 1, loss_sum / 100)
            loss_sum = 0.0
    return whole().detach().numpy()


def false_negatives(batch: Batch) -> torch.Tensor:
    """Return where (rows of questions × columns of passages) a passage is another right answer of the row."""
    questions, texts = torch.from_numpy(batch.questions), torch.from_numpy(batch.texts)
    count = len(questions)
    wrong = texts[:count, None] == texts[None, :]
    # The same question may stand in the batch with two of its passages.
    wrong[:, :count] |= questions[:, None] == questions[None, :]
    wrong[:, :count].fill_diagonal_(False)
    return wrong


def embed(table: torch.Tensor, bags: Bags) -> torch.Tensor:
    """Return the mean vector of each bag."""
    return functional.embedding_bag(
        torch.from_numpy(bags.ids), table, torch.from_numpy(bags.offsets()), mode="mean"
    )
