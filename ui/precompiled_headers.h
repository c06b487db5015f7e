// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The engine's precompiled headers, and those of Qt that many sources of the window need.

#include "engine/precompiled_headers.h"

#include <QAction>
#include <QApplication>
#include <QBoxLayout>
#include <QComboBox>
#include <QImage>
#include <QLabel>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QPushButton>
#include <QTimer>
#include <QToolButton>
