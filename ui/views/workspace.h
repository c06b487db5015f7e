// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/data_format.h"

#include <QString>
#include <QWidget>

#include <vector>

namespace timestep {

/// What its number of workers is, beside rows and sub-batches.
enum class Workers
{
    Imagined, // of a plan
    Threads, // of this machine
};

/// One picture with its controls, in a tab of its own. Above it the window shows `sentence`, what
/// the picture means, written from its numbers.
class Workspace : public QWidget
{
    Q_OBJECT
public:
    using QWidget::QWidget;

    virtual QString title() const = 0; // of its tab, translated
    virtual QString sentence() const = 0;
    /// True: the transport at the bottom drives it. False: it brings its own bottom bar.
    virtual bool hasClock() const = 0;
    virtual Workers workers() const { return Workers::Imagined; }
    virtual bool showsPlan() const { return false; } // and so what can be changed of it alone
    /// Shown in place of the transport where there is no clock; null: none.
    virtual QWidget* bottomBar() { return nullptr; }

    /// What it can write beside its picture: the numbers that are shown now.
    virtual std::vector<DataFormat> dataFormats() const { return {}; }

    /// For a picture without a user: starts what a user would start (a race its measuring).
    virtual void startForPicture() { }
    /// Whether everything it was started for is shown.
    virtual bool complete() const { return true; }

signals:
    void sentenceChanged();
};

} // namespace timestep
