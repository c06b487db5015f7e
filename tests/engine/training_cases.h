// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/bare_training.h"
#include "tests/engine/computation_cases.h"
#include "tests/engine/every_kernel.h"

#include <QTest>

namespace timestep {

/// The gradients of all weights after a run, `parameters` floats.
inline std::vector<float> gradientsOf(
    BareTraining& layers, const Cut& cut, int threads, int parameters)
{
    const Plan plan = makePlan(layers.shape(), cut);
    MemoryAccount account;
    const auto computation = layers.prepare(plan, threads, account);
    Executor executor(threads);
    executor.run(plan, *computation, {});
    return { layers.gradients(), layers.gradients() + parameters };
}

/// On two threads, two times, so that nothing is left over from the run before.
inline void verifyAgainstTheTextbook(
    const PlanShape& shape, const Kernels& kernels, const Cut& cut, double bound)
{
    BareTraining training(shape, kernels, 3);
    const Plan plan = makePlan(training.shape(), cut);
    MemoryAccount account;
    const auto computation = training.prepare(plan, 2, account);
    QCOMPARE(account.peakBytes(), training.bytesNeeded(plan, 2));
    Executor executor(2);
    for (int run = 0; run < 2; ++run) {
        QCOMPARE(executor.run(plan, *computation, {}), Outcome::Finished);
        const double error = training.maxError();
        QVERIFY2(error < bound,
            qPrintable(QStringLiteral("%1 layers of %2, %3 steps, %4 rows: error %5")
                           .arg(shape.layers)
                           .arg(shape.width)
                           .arg(shape.steps)
                           .arg(shape.rows)
                           .arg(error)));
    }
}

/// A plan of training is one of reading, twice as much back, and the sum of `parameters` numbers
/// over two sub-batches, each once.
inline void verifyFlopsOfTraining(PlanShape shape, const Cut& cut, int parameters)
{
    const auto flopsOf = [](const Plan& plan) {
        double flops = 0;
        for (const Operation& operation : plan.operations())
            flops += operation.flops;
        return flops;
    };
    QCOMPARE(cut.subBatches, 2);
    const double forward = flopsOf(makePlan(shape, cut));
    shape.training = true;
    const Plan training = makePlan(shape, cut);
    int summed = 0;
    for (const Operation& operation : training.operations())
        summed += operation.parameters.count();
    QCOMPARE(summed, parameters);
    QCOMPARE(flopsOf(training), 3 * forward + parameters);
}

} // namespace timestep
