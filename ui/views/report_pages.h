// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPageLayout>
#include <QString>

class QPagedPaintDevice;
class QTextDocument;

namespace timestep {

/// A4, upright, with margins that every printer can keep.
QPageLayout reportPageLayout();

/// Lays the document out for the pages of a device (its margins are the paper's, below them is the
/// number of the page) and paints them. A heading stays with what it is above; neither a line nor a
/// picture is parted. False: the device could not be painted on.
bool paintPages(QTextDocument& document, QPagedPaintDevice& device, const QString& footer);

} // namespace timestep
